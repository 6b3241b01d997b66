/** Rubin alert schemas 6.0 to 11.1, continued from 5.0; from 6.0 on close to what was sent in 2025 and 2026. */
export const lsst6to11 = `
# 6.0
~diaSource -band -programId -raErr -xErr -apFlux -apFluxErr -snr -psfFlux -psfFluxErr -psfRaErr -trailFluxErr
    -trailRaErr -trailDecErr -trailLengthErr -dipoleMeanFluxErr -dipoleFluxDiffErr -dipoleRaErr -dipoleDecErr
    -dipoleLengthErr -scienceFlux -scienceFluxErr -ixxErr -iyyErr >ra ?float: raErr >x xErr >x_y_Cov apFlux
    apFluxErr snr psfFlux psfFluxErr >psfRa psfRaErr >trailFlux trailFluxErr >trailRa trailRaErr >trailDec
    trailDecErr >trailLength trailLengthErr >dipoleMeanFlux dipoleMeanFluxErr >dipoleFluxDiff dipoleFluxDiffErr
    >dipoleRa dipoleRaErr >dipoleDec dipoleDecErr >dipoleLength dipoleLengthErr >ixx ixxErr >iyy iyyErr >flags
    ?string: band
diaForcedSource long: diaForcedSourceId diaObjectId ccdVisitId ?float: psfFlux psfFluxErr x y ?long: flags double:
    midpointMjdTai ?string: band
diaObject long: diaObjectId double: ra ?float: raErr double: dec ?float: decErr ra_dec_Cov ?double: radecMjdTai
    ?float: pmRa pmRaErr pmDec pmDecErr parallax parallaxErr pmRa_pmDec_Cov pmRa_parallax_Cov pmDec_parallax_Cov
    pmParallaxLnL pmParallaxChi2 ?int: pmParallaxNdata ?float: u_psfFluxMean u_psfFluxMeanErr u_psfFluxSigma
    u_psfFluxChi2 ?int: u_psfFluxNdata ?float: u_fpFluxMean u_fpFluxMeanErr u_fpFluxSigma g_psfFluxMean
    g_psfFluxMeanErr g_psfFluxSigma g_psfFluxChi2 ?int: g_psfFluxNdata ?float: g_fpFluxMean g_fpFluxMeanErr
    g_fpFluxSigma r_psfFluxMean r_psfFluxMeanErr r_psfFluxSigma r_psfFluxChi2 ?int: r_psfFluxNdata ?float:
    r_fpFluxMean r_fpFluxMeanErr r_fpFluxSigma i_psfFluxMean i_psfFluxMeanErr i_psfFluxSigma i_psfFluxChi2 ?int:
    i_psfFluxNdata ?float: i_fpFluxMean i_fpFluxMeanErr i_fpFluxSigma z_psfFluxMean z_psfFluxMeanErr z_psfFluxSigma
    z_psfFluxChi2 ?int: z_psfFluxNdata ?float: z_fpFluxMean z_fpFluxMeanErr z_fpFluxSigma y_psfFluxMean
    y_psfFluxMeanErr y_psfFluxSigma y_psfFluxChi2 ?int: y_psfFluxNdata ?float: y_fpFluxMean y_fpFluxMeanErr
    y_fpFluxSigma ?long: nearbyObj1 ?float: nearbyObj1Dist nearbyObj1LnP ?long: nearbyObj2 ?float: nearbyObj2Dist
    nearbyObj2LnP ?long: nearbyObj3 ?float: nearbyObj3Dist nearbyObj3LnP u_psfFluxErrMean g_psfFluxErrMean
    r_psfFluxErrMean i_psfFluxErrMean z_psfFluxErrMean y_psfFluxErrMean long: flags
ssObject long: ssObjectId ?double: discoverySubmissionDate firstObservationDate ?float: arc ?int: numObs ?float:
    MOID MOIDTrueAnomaly MOIDEclipticLongitude MOIDDeltaV u_H u_G12 u_HErr u_G12Err u_H_u_G12_Cov u_Chi2 ?int:
    u_Ndata ?float: g_H g_G12 g_HErr g_G12Err g_H_g_G12_Cov g_Chi2 ?int: g_Ndata ?float: r_H r_G12 r_HErr r_G12Err
    r_H_r_G12_Cov r_Chi2 ?int: r_Ndata ?float: i_H i_G12 i_HErr i_G12Err i_H_i_G12_Cov i_Chi2 ?int: i_Ndata ?float:
    z_H z_G12 z_HErr z_G12Err z_H_z_G12_Cov z_Chi2 ?int: z_Ndata ?float: y_H y_G12 y_HErr y_G12Err y_H_y_G12_Cov
    y_Chi2 ?int: y_Ndata ?float: medianExtendedness long: flags
# 6.1
~alert >cutoutDifference ?bytes: cutoutScience
# 7.0
~diaSource -ccdVisitId -flags >diaSourceId long: visit int: detector >x_y_Cov ?boolean: centroid_flag >apFluxErr
    apFlux_flag apFlux_flag_apertureTruncated >psfNdata psfFlux_flag psfFlux_flag_edge psfFlux_flag_noGoodPixels
    >trailNdata trail_flag_edge >dipoleNdata forced_PsfFlux_flag forced_PsfFlux_flag_edge
    forced_PsfFlux_flag_noGoodPixels >ixyPSF shape_flag shape_flag_no_pixels shape_flag_not_contained
    shape_flag_parent_source >band pixelFlags pixelFlags_bad pixelFlags_cr pixelFlags_crCenter pixelFlags_edge
    pixelFlags_interpolated pixelFlags_interpolatedCenter pixelFlags_offimage pixelFlags_saturated
    pixelFlags_saturatedCenter pixelFlags_suspect pixelFlags_suspectCenter pixelFlags_streak pixelFlags_streakCenter
    pixelFlags_injected pixelFlags_injectedCenter pixelFlags_injected_template pixelFlags_injected_templateCenter
~diaForcedSource -ccdVisitId -flags >diaObjectId long: visit int: detector
~diaObject -flags
~ssObject -flags
# 7.1
~diaForcedSource -x -y >diaObjectId double: ra dec
# 7.2
~diaSource >band ?boolean: dipoleFitAttempted
# 7.3
~diaSource >centroid_flag ?boolean: is_negative
# 7.4
~diaSource -is_negative >apFlux_flag_apertureTruncated ?boolean: is_negative >pixelFlags_edge pixelFlags_nodata
    pixelFlags_nodataCenter
# 8.0
drop diaNondetectionLimit
drop ssObject
~alert -alertId -prvDiaNondetectionLimits -ssObject >^ long: diaSourceId ?string: observation_reason target_name
    >diaObject ?ssSource: ssSource ?MPCORB: MPCORB
~diaSource -x_y_Cov -is_negative -psfRa -psfRaErr -psfDec -psfDecErr -psfFlux_psfRa_Cov -psfFlux_psfDec_Cov
    -psfRa_psfDec_Cov -trailFlux_trailRa_Cov -trailFlux_trailDec_Cov -trailFlux_trailLength_Cov
    -trailFlux_trailAngle_Cov -trailRa_trailDec_Cov -trailRa_trailLength_Cov -trailRa_trailAngle_Cov
    -trailDec_trailLength_Cov -trailDec_trailAngle_Cov -trailLength_trailAngle_Cov -trailLnL -dipoleRa -dipoleRaErr
    -dipoleDec -dipoleDecErr -dipoleLengthErr -dipoleAngleErr -dipoleMeanFlux_dipoleFluxDiff_Cov
    -dipoleMeanFlux_dipoleRa_Cov -dipoleMeanFlux_dipoleDec_Cov -dipoleMeanFlux_dipoleLength_Cov
    -dipoleMeanFlux_dipoleAngle_Cov -dipoleFluxDiff_dipoleRa_Cov -dipoleFluxDiff_dipoleDec_Cov
    -dipoleFluxDiff_dipoleLength_Cov -dipoleFluxDiff_dipoleAngle_Cov -dipoleRa_dipoleDec_Cov
    -dipoleRa_dipoleLength_Cov -dipoleRa_dipoleAngle_Cov -dipoleDec_dipoleLength_Cov -dipoleDec_dipoleAngle_Cov
    -dipoleLength_dipoleAngle_Cov -dipoleLnL -snapDiffFlux -snapDiffFluxErr -fpBkgd -fpBkgdErr -ixxErr -iyyErr
    -ixyErr -ixx_iyy_Cov -ixx_ixy_Cov -iyy_ixy_Cov >apFlux_flag_apertureTruncated ?boolean: isNegative >dipoleNdata
    ?float: scienceFlux scienceFluxErr >forced_PsfFlux_flag_noGoodPixels templateFlux templateFluxErr >band
    ?boolean: isDipole >dipoleFitAttempted micros: time_processed ?int: bboxSize >pixelFlags_injected_templateCenter
    ?boolean: glint_trail
~diaForcedSource >midpointMjdTai ?float: scienceFlux scienceFluxErr >band micros: time_processed
~diaObject -radecMjdTai -pmRa -pmRaErr -pmDec -pmDecErr -parallax -parallaxErr -pmRa_pmDec_Cov -pmRa_parallax_Cov
    -pmDec_parallax_Cov -pmParallaxLnL -pmParallaxChi2 -pmParallaxNdata -u_psfFluxChi2 -u_fpFluxSigma -g_psfFluxChi2
    -g_fpFluxSigma -r_psfFluxChi2 -r_fpFluxSigma -i_psfFluxChi2 -i_fpFluxSigma -z_psfFluxChi2 -z_fpFluxSigma
    -y_psfFluxChi2 -y_fpFluxSigma -nearbyObj1 -nearbyObj1Dist -nearbyObj1LnP -nearbyObj2 -nearbyObj2Dist
    -nearbyObj2LnP -nearbyObj3 -nearbyObj3Dist -nearbyObj3LnP >diaObjectId micros: validityStart >y_fpFluxMeanErr
    ?float: u_scienceFluxMean u_scienceFluxMeanErr g_scienceFluxMean g_scienceFluxMeanErr r_scienceFluxMean
    r_scienceFluxMeanErr i_scienceFluxMean i_scienceFluxMeanErr z_scienceFluxMean z_scienceFluxMeanErr
    y_scienceFluxMean y_scienceFluxMeanErr u_psfFluxMin u_psfFluxMax u_psfFluxMaxSlope >u_psfFluxErrMean
    g_psfFluxMin g_psfFluxMax g_psfFluxMaxSlope >g_psfFluxErrMean r_psfFluxMin r_psfFluxMax r_psfFluxMaxSlope
    >r_psfFluxErrMean i_psfFluxMin i_psfFluxMax i_psfFluxMaxSlope >i_psfFluxErrMean z_psfFluxMin z_psfFluxMax
    z_psfFluxMaxSlope >z_psfFluxErrMean y_psfFluxMin y_psfFluxMax y_psfFluxMaxSlope >y_psfFluxErrMean ?double:
    firstDiaSourceMjdTai lastDiaSourceMjdTai int: nDiaSources
ssSource ?long: ssObjectId diaSourceId ?double: eclipticLambda eclipticBeta galacticL galacticB ?float: phaseAngle
    heliocentricDist topocentricDist predictedVMagnitude ?double: residualRa residualDec ?float: heliocentricX
    heliocentricY heliocentricZ heliocentricVX heliocentricVY heliocentricVZ topocentricX topocentricY topocentricZ
    topocentricVX topocentricVY topocentricVZ
MPCORB ?string: mpcDesignation ?long: ssObjectId ?float: mpcH ?double: epoch M peri node incl e a q t_p
# 9.0
~diaSource -time_processed >dipoleFitAttempted double: timeProcessedMjdTai ?double: timeWithdrawnMjdTai
~diaForcedSource -time_processed >band double: timeProcessedMjdTai ?double: timeWithdrawnMjdTai
~diaObject -validityStart >diaObjectId double: validityStartMjdTai
# 10.0
drop MPCORB
~alert -MPCORB >ssSource ?mpc_orbits: mpc_orbits
ssSource long: diaSourceId ssObjectId ?string: designation double: eclLambda eclBeta galLon galLat ?float:
    elongation phaseAngle topoRange topoRangeRate helioRange helioRangeRate ?double: ephRa ephDec ?float: ephVmag
    ephRate ephRateRa ephRateDec ephOffset ?double: ephOffsetRa ephOffsetDec ?float: ephOffsetAlongTrack
    ephOffsetCrossTrack helio_x helio_y helio_z helio_vx helio_vy helio_vz helio_vtot topo_x topo_y topo_z topo_vx
    topo_vy topo_vz topo_vtot ?int: diaDistanceRank
mpc_orbits int: id string: designation packed_primary_provisional_designation
    unpacked_primary_provisional_designation ?string: mpc_orb_jsonb ?micros: created_at updated_at ?int:
    orbit_type_int u_param nopp ?double: arc_length_total arc_length_sel ?int: nobs_total nobs_total_sel ?double: a
    q e i node argperi peri_time yarkovsky srp a1 a2 a3 dt mean_anomaly period mean_motion a_unc q_unc e_unc i_unc
    node_unc argperi_unc peri_time_unc yarkovsky_unc srp_unc a1_unc a2_unc a3_unc dt_unc mean_anomaly_unc period_unc
    mean_motion_unc epoch_mjd h g not_normalized_rms normalized_rms earth_moid ?micros: fitting_datetime
# 11.0
~diaSource -psfNdata -trailNdata -dipoleNdata -bboxSize >psfChi2 int: psfNdata >trailChi2 trailNdata >dipoleChi2
    dipoleNdata >timeWithdrawnMjdTai bboxSize
~diaObject -u_psfFluxNdata -g_psfFluxNdata -r_psfFluxNdata -i_psfFluxNdata -z_psfFluxNdata -y_psfFluxNdata
    >u_psfFluxSigma int: u_psfFluxNdata >g_psfFluxSigma g_psfFluxNdata >r_psfFluxSigma r_psfFluxNdata
    >i_psfFluxSigma i_psfFluxNdata >z_psfFluxSigma z_psfFluxNdata >y_psfFluxSigma y_psfFluxNdata
# 11.1
~diaSource >midpointMjdTai ?float: exposureTime >trailNdata ?int: trailAlgorithm >trail_flag_edge ?boolean:
    trail_flag >reliability ?string: reliabilityVersion
`;

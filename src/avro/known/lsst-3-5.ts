/** Rubin alert schemas 3.0 to 5.0: names and types, each version as the difference from the one before. */
export const lsst3to5 = `
# 3.0
alert long: alertId diaSource: diaSource ?[]diaSource: prvDiaSources ?[]diaForcedSource: prvDiaForcedSources
    ?[]diaNondetectionLimit: prvDiaNondetectionLimits ?diaObject: diaObject ?ssObject: ssObject ?bytes:
    cutoutDifference cutoutTemplate
diaSource long: diaSourceId ccdVisitId ?long: diaObjectId ssObjectId parentDiaSourceId double: midPointTai string:
    filterName int: programId double: ra decl ?float: raErr declErr ra_decl_Cov float: x y ?float: xErr yErr x_y_Cov
    float: apFlux apFluxErr snr psFlux psFluxErr ?double: psRa psDecl ?float: psRaErr psDeclErr psFlux_psRa_Cov
    psFlux_psDecl_Cov psRa_psDecl_Cov psLnL psChi2 ?int: psNdata ?float: trailFlux ?double: trailRa trailDecl
    ?float: trailLength trailAngle trailFluxErr trailRaErr trailDeclErr trailLengthErr trailAngleErr
    trailFlux_trailRa_Cov trailFlux_trailDecl_Cov trailFlux_trailLength_Cov trailFlux_trailAngle_Cov
    trailRa_trailDecl_Cov trailRa_trailLength_Cov trailRa_trailAngle_Cov trailDecl_trailLength_Cov
    trailDecl_trailAngle_Cov trailLength_trailAngle_Cov trailLnL trailChi2 ?int: trailNdata ?float: dipMeanFlux
    dipFluxDiff ?double: dipRa dipDecl ?float: dipLength dipAngle dipMeanFluxErr dipFluxDiffErr dipRaErr dipDeclErr
    dipLengthErr dipAngleErr dipMeanFlux_dipFluxDiff_Cov dipMeanFlux_dipRa_Cov dipMeanFlux_dipDecl_Cov
    dipMeanFlux_dipLength_Cov dipMeanFlux_dipAngle_Cov dipFluxDiff_dipRa_Cov dipFluxDiff_dipDecl_Cov
    dipFluxDiff_dipLength_Cov dipFluxDiff_dipAngle_Cov dipRa_dipDecl_Cov dipRa_dipLength_Cov dipRa_dipAngle_Cov
    dipDecl_dipLength_Cov dipDecl_dipAngle_Cov dipLength_dipAngle_Cov dipLnL dipChi2 ?int: dipNdata ?float: totFlux
    totFluxErr diffFlux diffFluxErr fpBkgd fpBkgdErr ixx iyy ixy ixxErr iyyErr ixyErr ixx_iyy_Cov ixx_ixy_Cov
    iyy_ixy_Cov ixxPSF iyyPSF ixyPSF extendedness spuriousness long: flags
diaForcedSource long: diaForcedSourceId ccdVisitId diaObjectId double: midPointTai string: filterName float: psFlux
    psFluxErr totFlux totFluxErr
diaNondetectionLimit long: ccdVisitId double: midPointTai string: filterName float: diaNoise
diaObject long: diaObjectId double: ra decl ?float: raErr declErr ra_decl_Cov double: radecTai ?float: pmRa pmDecl
    parallax pmRaErr pmDeclErr parallaxErr pmRa_pmDecl_Cov pmRa_parallax_Cov pmDecl_parallax_Cov pmParallaxLnL
    pmParallaxChi2 ?int: pmParallaxNdata ?float: uPSFluxMean uPSFluxMeanErr uPSFluxSigma uPSFluxChi2 ?int:
    uPSFluxNdata ?float: gPSFluxMean gPSFluxMeanErr gPSFluxSigma gPSFluxChi2 ?int: gPSFluxNdata ?float: rPSFluxMean
    rPSFluxMeanErr rPSFluxSigma rPSFluxChi2 ?int: rPSFluxNdata ?float: iPSFluxMean iPSFluxMeanErr iPSFluxSigma
    iPSFluxChi2 ?int: iPSFluxNdata ?float: zPSFluxMean zPSFluxMeanErr zPSFluxSigma zPSFluxChi2 ?int: zPSFluxNdata
    ?float: yPSFluxMean yPSFluxMeanErr yPSFluxSigma yPSFluxChi2 ?int: yPSFluxNdata ?float: uFPFluxMean
    uFPFluxMeanErr uFPFluxSigma gFPFluxMean gFPFluxMeanErr gFPFluxSigma rFPFluxMean rFPFluxMeanErr rFPFluxSigma
    iFPFluxMean iFPFluxMeanErr iFPFluxSigma zFPFluxMean zFPFluxMeanErr zFPFluxSigma yFPFluxMean yFPFluxMeanErr
    yFPFluxSigma uLcPeriodic01..32 gLcPeriodic01..32 rLcPeriodic01..32 iLcPeriodic01..32 zLcPeriodic01..32
    yLcPeriodic01..32 uLcNonPeriodic01..20 gLcNonPeriodic01..20 rLcNonPeriodic01..20 iLcNonPeriodic01..20
    zLcNonPeriodic01..20 yLcNonPeriodic01..20 ?long: nearbyObj1 ?float: nearbyObj1Dist nearbyObj1LnP ?long:
    nearbyObj2 ?float: nearbyObj2Dist nearbyObj2LnP ?long: nearbyObj3 ?float: nearbyObj3Dist nearbyObj3LnP long:
    flags
ssObject long: ssObjectId ?double: q e i lan aop M epoch qSigma eSigma iSigma lanSigma aopSigma MSigma epochSigma
    q_e_Cov q_i_Cov q_lan_Cov q_aop_Cov q_M_Cov q_epoch_Cov e_i_Cov e_lan_Cov e_aop_Cov e_M_Cov e_epoch_Cov
    i_lan_Cov i_aop_Cov i_M_Cov i_epoch_Cov lan_aop_Cov lan_M_Cov lan_epoch_Cov aop_M_Cov aop_epoch_Cov M_epoch_Cov
    ?float: arc orbFitLnL orbFitChi2 ?int: orbFitNdata ?float: MOID1 MOID2 ?double: moidLon1 moidLon2 ?float: uH
    uHErr uG1 uG1Err uG2 uG2Err gH gHErr gG1 gG1Err gG2 gG2Err rH rHErr rG1 rG1Err rG2 rG2Err iH iHErr iG1 iG1Err
    iG2 iG2Err zH zHErr zG1 zG1Err zG2 zG2Err yH yHErr yG1 yG1Err yG2 yG2Err long: flags
# 4.0
ssObject long: ssObjectId ?double: discoverySubmissionDate firstObservationDate ?float: arc ?int: numObs ?float:
    SSOuLcPeriodic01..32 SSOgLcPeriodic01..32 SSOrLcPeriodic01..32 SSOiLcPeriodic01..32 SSOzLcPeriodic01..32
    SSOyLcPeriodic01..32 MOID MOIDTrueAnomaly MOIDEclipticLongitude MOIDDeltaV uH uG12 uHErr uG12Err uH_uG12_Cov
    uChi2 ?int: uNdata ?float: gH gG12 gHErr gG12Err gH_gG12_Cov gChi2 ?int: gNdata ?float: rH rG12 rHErr rG12Err
    rH_rG12_Cov rChi2 ?int: rNdata ?float: iH iG12 iHErr iG12Err iH_iG12_Cov iChi2 ?int: iNdata ?float: zH zG12
    zHErr zG12Err zH_zG12_Cov zChi2 ?int: zNdata ?float: yH yG12 yHErr yG12Err yH_yG12_Cov yChi2 ?int: yNdata
    ?float: maxExtendedness minExtendedness medianExtendedness long: flags
# 5.0
diaSource long: diaSourceId ccdVisitId ?long: diaObjectId ssObjectId parentDiaSourceId double: midpointMjdTai
    string: band int: programId double: ra dec ?float: raErr decErr ra_dec_Cov float: x y ?float: xErr yErr x_y_Cov
    float: apFlux apFluxErr snr psfFlux psfFluxErr ?double: psfRa psfDec ?float: psfRaErr psfDecErr
    psfFlux_psfRa_Cov psfFlux_psfDec_Cov psfRa_psfDec_Cov psfLnL psfChi2 ?int: psfNdata ?float: trailFlux ?double:
    trailRa trailDec ?float: trailLength trailAngle trailFluxErr trailRaErr trailDecErr trailLengthErr trailAngleErr
    trailFlux_trailRa_Cov trailFlux_trailDec_Cov trailFlux_trailLength_Cov trailFlux_trailAngle_Cov
    trailRa_trailDec_Cov trailRa_trailLength_Cov trailRa_trailAngle_Cov trailDec_trailLength_Cov
    trailDec_trailAngle_Cov trailLength_trailAngle_Cov trailLnL trailChi2 ?int: trailNdata ?float: dipoleMeanFlux
    dipoleFluxDiff ?double: dipoleRa dipoleDec ?float: dipoleLength dipoleAngle dipoleMeanFluxErr dipoleFluxDiffErr
    dipoleRaErr dipoleDecErr dipoleLengthErr dipoleAngleErr dipoleMeanFlux_dipoleFluxDiff_Cov
    dipoleMeanFlux_dipoleRa_Cov dipoleMeanFlux_dipoleDec_Cov dipoleMeanFlux_dipoleLength_Cov
    dipoleMeanFlux_dipoleAngle_Cov dipoleFluxDiff_dipoleRa_Cov dipoleFluxDiff_dipoleDec_Cov
    dipoleFluxDiff_dipoleLength_Cov dipoleFluxDiff_dipoleAngle_Cov dipoleRa_dipoleDec_Cov dipoleRa_dipoleLength_Cov
    dipoleRa_dipoleAngle_Cov dipoleDec_dipoleLength_Cov dipoleDec_dipoleAngle_Cov dipoleLength_dipoleAngle_Cov
    dipoleLnL dipoleChi2 ?int: dipoleNdata ?float: scienceFlux scienceFluxErr snapDiffFlux snapDiffFluxErr fpBkgd
    fpBkgdErr ixx iyy ixy ixxErr iyyErr ixyErr ixx_iyy_Cov ixx_ixy_Cov iyy_ixy_Cov ixxPSF iyyPSF ixyPSF extendedness
    reliability long: flags
diaForcedSource long: diaForcedSourceId ccdVisitId diaObjectId double: midpointMjdTai string: band float: psfFlux
    psfFluxErr scienceFlux scienceFluxErr
diaNondetectionLimit long: ccdVisitId double: midpointMjdTai string: band float: diaNoise
diaObject long: diaObjectId double: ra dec ?float: raErr decErr ra_dec_Cov double: radecMjdTai ?float: pmRa pmDec
    parallax pmRaErr pmDecErr parallaxErr pmRa_pmDec_Cov pmRa_parallax_Cov pmDec_parallax_Cov pmParallaxLnL
    pmParallaxChi2 ?int: pmParallaxNdata ?float: u_psfFluxMean u_psfFluxMeanErr u_psfFluxSigma u_psfFluxChi2 ?int:
    u_psfFluxNdata ?float: g_psfFluxMean g_psfFluxMeanErr g_psfFluxSigma g_psfFluxChi2 ?int: g_psfFluxNdata ?float:
    r_psfFluxMean r_psfFluxMeanErr r_psfFluxSigma r_psfFluxChi2 ?int: r_psfFluxNdata ?float: i_psfFluxMean
    i_psfFluxMeanErr i_psfFluxSigma i_psfFluxChi2 ?int: i_psfFluxNdata ?float: z_psfFluxMean z_psfFluxMeanErr
    z_psfFluxSigma z_psfFluxChi2 ?int: z_psfFluxNdata ?float: y_psfFluxMean y_psfFluxMeanErr y_psfFluxSigma
    y_psfFluxChi2 ?int: y_psfFluxNdata ?float: u_fpFluxMean u_fpFluxMeanErr u_fpFluxSigma g_fpFluxMean
    g_fpFluxMeanErr g_fpFluxSigma r_fpFluxMean r_fpFluxMeanErr r_fpFluxSigma i_fpFluxMean i_fpFluxMeanErr
    i_fpFluxSigma z_fpFluxMean z_fpFluxMeanErr z_fpFluxSigma y_fpFluxMean y_fpFluxMeanErr y_fpFluxSigma
    u_lcPeriodic01..32 g_lcPeriodic01..32 r_lcPeriodic01..32 i_lcPeriodic01..32 z_lcPeriodic01..32
    y_lcPeriodic01..32 u_lcNonPeriodic01..20 g_lcNonPeriodic01..20 r_lcNonPeriodic01..20 i_lcNonPeriodic01..20
    z_lcNonPeriodic01..20 y_lcNonPeriodic01..20 ?long: nearbyObj1 ?float: nearbyObj1Dist nearbyObj1LnP ?long:
    nearbyObj2 ?float: nearbyObj2Dist nearbyObj2LnP ?long: nearbyObj3 ?float: nearbyObj3Dist nearbyObj3LnP long:
    flags
~ssObject -uH -uG12 -uHErr -uG12Err -uH_uG12_Cov -uChi2 -uNdata -gH -gG12 -gHErr -gG12Err -gH_gG12_Cov -gChi2
    -gNdata -rH -rG12 -rHErr -rG12Err -rH_rG12_Cov -rChi2 -rNdata -iH -iG12 -iHErr -iG12Err -iH_iG12_Cov -iChi2
    -iNdata -zH -zG12 -zHErr -zG12Err -zH_zG12_Cov -zChi2 -zNdata -yH -yG12 -yHErr -yG12Err -yH_yG12_Cov -yChi2
    -yNdata >MOIDDeltaV ?float: u_H u_G12 u_HErr u_G12Err u_H_uG12_Cov u_Chi2 ?int: u_Ndata ?float: g_H g_G12 g_HErr
    g_G12Err g_H_gG12_Cov g_Chi2 ?int: g_Ndata ?float: r_H r_G12 r_HErr r_G12Err r_H_rG12_Cov r_Chi2 ?int: r_Ndata
    ?float: i_H i_G12 i_HErr i_G12Err i_H_iG12_Cov i_Chi2 ?int: i_Ndata ?float: z_H z_G12 z_HErr z_G12Err
    z_H_zG12_Cov z_Chi2 ?int: z_Ndata ?float: y_H y_G12 y_HErr y_G12Err y_H_yG12_Cov y_Chi2 ?int: y_Ndata
`;

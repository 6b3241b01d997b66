#!/usr/bin/env node
import { isInstalled, projectRoot } from "../version";
import { outliveReader } from "./output";
import { alertsProgram } from "./program";
import { fail } from "./run";
import { loadSettings } from "./settings";

// an analysis of one's own has its broker; a checkout has the settings for wherever one stands
loadSettings(process.cwd(), ...(isInstalled ? [] : [projectRoot]));
for (const stream of [process.stdout, process.stderr]) outliveReader(stream);
const words = process.argv.slice(2);
process.on("uncaughtException", (error) => fail(error, program.opts()["verbose"] === true));
const program = alertsProgram(words);
program.parseAsync(words, { from: "user" }).catch((error: unknown) => fail(error));

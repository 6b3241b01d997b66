import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { refuse, usageError } from "../../errors";
import { makeFolder } from "../../folders";
import { say } from "../../terminal";
import { isInstalled, projectRoot, version } from "../../version";
import { writeWhole } from "../../write-whole";
import { command } from "../command";

export default command("new <folder>", {
  summary: "make a folder for an analysis of your own: package, script, notebook, settings",
  section: "Notebooks and your own work",
  arguments: { folder: "made if it is not there; must be empty" },
  notes: `The folder gets package.json with this library, tonight.mjs (a script that selects, saves and plots), scratch.ipynb, .env for
settings, and README.md with the line for cron. The script takes a simulated night until it is given a folder or a topic.`,
  examples: ["alerts new my-analysis", "alerts new ../supernovae"],
  run: create,
});

const env = `# Settings of this analysis; which there are is in .env.example of the library. Run: node --env-file=.env tonight.mjs
#KAFKA_BOOTSTRAP=broker.example.org:9092
#KAFKA_USERNAME=
#KAFKA_PASSWORD=
`;

async function create(named: string): Promise<void> {
  const folder = resolve(named);
  const name = basename(folder);
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(name))
    throw usageError("a folder named in lower case letters, digits, dots and dashes, as npm names packages", name);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw refuse(
      "an empty folder, or one that is not there",
      `${folder}, which holds files`,
      "nothing is written over",
    );
  makeFolder(folder);
  // a package in node_modules cannot be a dependency by its folder: npm would install and build there
  const library = isInstalled
    ? {}
    : { "alert-bootcamp": `file:${relative(folder, projectRoot).replaceAll("\\", "/")}` };
  const contents = {
    name,
    version: "0.0.0",
    private: true,
    type: "module",
    dependencies: library,
  };
  writeWhole(join(folder, "package.json"), `${JSON.stringify(contents, null, 2)}\n`);
  writeWhole(join(folder, ".env"), env, 0o600);
  writeWhole(join(folder, ".gitignore"), ".env\nnode_modules/\ntonight.*\n!tonight.mjs\n");
  const notebooks = join(projectRoot, "notebooks");
  cpSync(join(notebooks, "own/tonight.mjs"), join(folder, "tonight.mjs"));
  cpSync(join(notebooks, "scratch.ipynb"), join(folder, "scratch.ipynb"));
  const readme = readFileSync(join(notebooks, "own/README.md"), "utf8");
  const archive = `npm install PATH/alert-bootcamp-${version}.tgz`;
  const install = isInstalled ? archive : "npm install";
  const own = readme
    .replace("npm install ".padEnd(29), () => `${install} `.padEnd(29))
    .replace("# An analysis of one's own", `# ${name}`)
    .replace("cd FOLDER", () => `cd ${folder}`);
  writeWhole(join(folder, "README.md"), own);
  say(`${folder}: package.json, tonight.mjs, scratch.ipynb, .env, README.md`);
  say(`next: cd ${named} && ${install} && node tonight.mjs`);
}

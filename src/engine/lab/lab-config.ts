import { join } from "node:path";
import { privateFolder, writePrivate } from "../../private-files";
import { engineHome } from "../paths";
import { KERNEL_NAME } from "./kernelspec";

/** Everything JupyterLab keeps, apart from the notebooks: settings, workspaces, connection files of the kernels. */
export const labFolder = () => join(engineHome(), "jupyter");
export const runtimeFolder = () => join(labFolder(), "runtime");

/** What JupyterLab does with the network by itself: nothing. Both files are its own formats. */
const SERVER = {
  MultiKernelManager: { default_kernel_name: KERNEL_NAME },
  // the kernel bounds what a cell prints and says what it left out; the server would drop output in between
  ZMQChannelsWebsocketConnection: { limit_rate: false },
  LabApp: {
    news_url: null,
    check_for_updates_class: "jupyterlab.NeverCheckForUpdate",
    extension_manager: "readonly",
  },
};
const OVERRIDES = {
  "@jupyterlab/apputils-extension:notification": {
    checkForUpdates: false,
    fetchNews: "false",
    doNotDisturbMode: false,
  },
  "@jupyterlab/extensionmanager-extension:plugin": { enabled: false },
};

/** Writes the configuration and returns the environment that makes JupyterLab use it, and nothing of the user's own. */
export function prepareLab(token: string): NodeJS.ProcessEnv {
  const config = join(labFolder(), "config");
  privateFolder(labFolder());
  privateFolder(runtimeFolder());
  writePrivate(join(config, "jupyter_server_config.json"), `${JSON.stringify(SERVER, null, 2)}\n`);
  writePrivate(join(config, "labconfig", "default_setting_overrides.json"), `${JSON.stringify(OVERRIDES, null, 2)}\n`);
  return {
    BOOTCAMP_HOME: engineHome(),
    JUPYTER_CONFIG_DIR: config,
    JUPYTER_DATA_DIR: join(labFolder(), "data"),
    JUPYTER_RUNTIME_DIR: runtimeFolder(),
    JUPYTERLAB_SETTINGS_DIR: join(labFolder(), "settings"),
    JUPYTERLAB_WORKSPACES_DIR: join(labFolder(), "workspaces"),
    JUPYTER_PATH: undefined,
    // by the environment, because everybody on this machine sees the arguments of a process
    JUPYTER_TOKEN: token,
    PYTHONUNBUFFERED: "1",
  };
}

# JupyterLab inside the container. Compose publishes the port on 127.0.0.1 of the machine; the token stays on.
import os

c = get_config()  # noqa: F821

c.ServerApp.ip = "0.0.0.0"
c.ServerApp.port = int(os.environ.get("NOTEBOOK_PORT", "8888"))
c.ServerApp.port_retries = 0
c.ServerApp.open_browser = False
c.ServerApp.root_dir = "/bootcamp/notebooks"
# the address in the log is the one to open on the machine, not that of the container
c.ServerApp.custom_display_url = "http://127.0.0.1:" + os.environ.get("NOTEBOOK_PORT", "8888")
# asks an outside server about news at the first start otherwise
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"

// What JupyterLab loads of this extension. There is no build step: an extension that imports nothing
// is an object that hands out its plugin.
(() => {
  const NARROW = 1200; // pixels: below, an explorer's sliders and picture need the sidebar's place
  const style = new URL("page.css", document.currentScript.src).href;

  async function arrange(app) {
    const layout = await app.shell.restored;
    await app.restored; // by then the file browser has come to the front
    if (!layout?.fresh) return; // the reader's own arrangement stays
    await app.commands.execute("toc:show-panel");
    if (window.innerWidth < NARROW) await app.commands.execute("application:toggle-left-area");
  }

  function activate(app) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = style;
    document.head.append(link);
    arrange(app); // not awaited: JupyterLab is restored once all plugins are active
  }

  const plugin = { id: "coursekit:page", description: "The course's page.", autoStart: true, activate };
  window._JUPYTERLAB ??= {};
  const module = { __esModule: true, default: plugin };
  window._JUPYTERLAB.coursekit = { init: () => {}, get: () => Promise.resolve(() => module) };
})();

// Stands in for VS Code around a webview, and watches what the page does. Runs before the bundle.
(() => {
  const posted = [];
  let state = JSON.parse(sessionStorage.getItem('state') ?? 'null');
  let acquired = 0;
  window.acquireVsCodeApi = () => {
    if (++acquired > 1) throw new Error('acquireVsCodeApi may be called only once');
    return {
      postMessage: (message) => posted.push(JSON.parse(JSON.stringify(message))),
      getState: () => state,
      setState: (next) => {
        state = JSON.parse(JSON.stringify(next));
        sessionStorage.setItem('state', JSON.stringify(state));
      },
    };
  };
  const violations = [];
  document.addEventListener('securitypolicyviolation', (event) =>
    violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
  );
  // chart.js clears its canvas once for every redraw.
  const redraws = [];
  const { clearRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function (...rectangle) {
    redraws.push({ chart: this.canvas.closest('[data-chart]')?.dataset.chart ?? '', at: performance.now() });
    return clearRect.apply(this, rectangle);
  };
  let operations = 0;
  for (const { prototype } of [CanvasRenderingContext2D, Path2D]) {
    for (const name of ['lineTo', 'arc']) {
      const original = prototype[name];
      prototype[name] = function (...parameters) {
        operations++;
        return original.apply(this, parameters);
      };
    }
  }
  const pixels = (canvas) => {
    const copy = document.createElement('canvas');
    copy.width = canvas.width;
    copy.height = canvas.height;
    const context = copy.getContext('2d', { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    return context.getImageData(0, 0, copy.width, copy.height);
  };
  window.harness = {
    posted,
    violations,
    redraws,
    state: () => state,
    /** Resolves when the page has drawn what the message says. */
    send: async (message) => {
      const arrived = new Promise((resolve) => window.addEventListener('message', resolve, { once: true }));
      window.postMessage(message, '*');
      await arrived;
      await window.harness.drawn();
    },
    drawn: async () => {
      do await new Promise((resolve) => setTimeout(resolve, 10));
      while (document.querySelector('[data-pending]'));
    },
    /** What is drawn on a chart's canvas: how many pixels are not transparent. */
    ink: (chart) => {
      const canvas = document.querySelector(`[data-chart="${chart}"] canvas`);
      if (!canvas || canvas.width === 0) return 0;
      const { data } = pixels(canvas);
      let count = 0;
      for (let k = 3; k < data.length; k += 4) if (data[k] > 0) count++;
      return count;
    },
    /** How many pixels of a chart have exactly this colour. */
    colour: (chart, [red, green, blue]) => {
      const { data } = pixels(document.querySelector(`[data-chart="${chart}"] canvas`));
      let count = 0;
      for (let k = 0; k < data.length; k += 4)
        if (data[k + 3] === 255 && data[k] === red && data[k + 1] === green && data[k + 2] === blue) count++;
      return count;
    },
    /** How many line segments and points have been drawn on canvases. */
    operations: () => operations,
    /** Sends events at a steady rate, in messages of ten a second, as the host does. */
    stream: (events, perSecond) =>
      new Promise((resolve) => {
        let next = 0;
        const batch = perSecond / 50;
        const timer = setInterval(() => {
          if (next >= events.length) {
            clearInterval(timer);
            resolve();
            return;
          }
          window.postMessage({ type: 'events', events: events.slice(next, (next += batch)) }, '*');
        }, 20);
      }),
  };
})();

// What a person who sees little, or uses no mouse, would trip over on a page: runs in it, and gives a line for each. Contrast as WCAG 2.2
// defines it.
(() => {
  const LEAST = 4.5;
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
  const luminance = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (light + 0.05) / (dark + 0.05);
  };
  const parentOf = (element) => element.parentElement ?? element.getRootNode().host;
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = parentOf(at)) {
      layers.unshift(rgba(getComputedStyle(at).backgroundColor));
      if (layers[0][3] === 1) break;
    }
    return layers.reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  function* elements(root) {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) yield* elements(element.shadowRoot);
      yield element;
    }
  }
  const isSeen = (element) => element.getBoundingClientRect().width > 1 && getComputedStyle(element).visibility === 'visible';
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
  const nameOf = (element) =>
    element.getAttribute('aria-label') ??
    (element.hasAttribute('aria-labelledby')
      ? document.getElementById(element.getAttribute('aria-labelledby'))?.textContent
      : (element.labels?.[0]?.textContent ?? element.textContent)
    )?.trim();
  const words = (element) => `${element.tagName.toLowerCase()}.${element.className} "${element.textContent.trim().slice(0, 40)}"`;

  window.audit = () => {
    const found = [];
    for (const element of elements(document)) {
      if (!isSeen(element) || !hasText(element)) continue;
      const below = ground(element);
      const value = contrast(over(rgba(getComputedStyle(element).color), below), below);
      if (value < LEAST) found.push(`contrast ${value.toFixed(2)}: ${words(element)}`);
    }
    const named =
      'button, a, input, select, vscode-button, vscode-dropdown, vscode-checkbox, [tabindex], [role=region], section, figure';
    for (const element of document.querySelectorAll(named))
      if (isSeen(element) && !nameOf(element)) found.push(`no name: ${element.outerHTML.slice(0, 120)}`);
    // A drop-down of the toolkit has its list only while it is open.
    for (const name of ['aria-labelledby', 'aria-controls'])
      for (const element of document.querySelectorAll(`[${name}]:not(vscode-dropdown)`))
        if (!document.getElementById(element.getAttribute(name))) found.push(`${name} leads nowhere: ${words(element)}`);
    for (const figure of document.querySelectorAll('figure.chart')) {
      if (!figure.querySelector('canvas[aria-label]')) found.push(`no words: ${figure.dataset.chart}`);
      if (!figure.querySelector('table')) found.push(`no table: ${figure.dataset.chart}`);
    }
    const levels = [...document.querySelectorAll('h1, h2, h3')].filter(isSeen).map((heading) => Number(heading.tagName[1]));
    if (levels.some((level, i) => level > (levels[i - 1] ?? 0) + 1)) found.push(`headings skip: ${levels.join()}`);
    return found;
  };

  /** Whether one sees where the keyboard is: null at the end of the page, else the place, and what it has around it. */
  window.focusRing = () => {
    const parts = [];
    for (let at = document.activeElement; at && at !== document.body; at = at.shadowRoot?.activeElement) parts.push(at);
    if (parts.length === 0) return null;
    const styles = parts.map((part) => getComputedStyle(part));
    const seen = styles.find(({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && parseFloat(outlineWidth) > 0);
    const ring = seen && contrast(rgba(seen.outlineColor), ground(parentOf(parts[0])));
    return { place: words(parts[0]), ring: ring ?? 0 };
  };
})();

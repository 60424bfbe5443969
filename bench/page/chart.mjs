/** The colours of GitHub's two themes. */
export const THEMES = {
  light: {
    paper: '#ffffff',
    ink: '#1f2328',
    faint: '#59636e',
    grid: '#d1d9e0',
    ours: '#0969da',
    peer: '#8c959f',
  },
  dark: {
    paper: '#0d1117',
    ink: '#f0f6fc',
    faint: '#9198a1',
    grid: '#3d444d',
    ours: '#4493f8',
    peer: '#6e7681',
  },
};

const WIDTH = 840;
const MARGIN = 20;
const HEADER = 74;
const TITLE = 34;
const ROW = 24;
const BAR = 13;
const AXIS = 34;
const GAP = 12;
const FONT = '-apple-system, BlinkMacSystemFont, Segoe UI, Noto Sans, Helvetica, Arial, sans-serif';

/** About how wide the widest of these is, at 13 pixels and in bold. */
const widthOf = (texts) => 7.4 * Math.max(...texts.map(({ length }) => length));

/**
 * Draws horizontal bars with whiskers, as the text of an SVG. Nothing is measured from fonts: columns
 * are as wide as their longest text is likely to be.
 *
 * @typedef {{ label: string, isOurs: boolean, median: number, min: number, max: number, text: string }} Bar
 * @typedef {{ title: string, bars: Bar[] }} Group
 * @param {{ title: string, subtitle: string, groups: Group[], line?: { at: number, label: string } }} chart
 *   with a line, all groups share its scale, which is labelled; without, each has its own
 * @param {keyof typeof THEMES} theme
 */
export function draw({ title, subtitle, groups, line }, theme) {
  const colours = THEMES[theme];
  const bars = groups.flatMap((group) => group.bars);
  const titles = groups.map((group) => group.title);
  const left = MARGIN + widthOf([...titles, ...bars.map(({ label }) => label)]) + GAP;
  const values = WIDTH - MARGIN - widthOf(bars.map((bar) => bar.text));
  const right = values - 2 * GAP;
  const bottom = HEADER + groups.length * TITLE + bars.length * ROW;
  const height = bottom + (line ? AXIS : MARGIN);
  const most = (of) => Math.max(...of.map(({ max }) => max), ...(line ? [line.at * 1.1] : []));
  const scaleOf = (of) => (value) => left + ((right - left) * value) / most(of);

  const parts = [
    `<rect width="${WIDTH}" height="${height}" rx="6" fill="${colours.paper}"/>`,
    text(MARGIN, 32, title, { fill: colours.ink, 'font-size': 16, 'font-weight': 600 }),
    text(MARGIN, 53, subtitle, { fill: colours.faint, 'font-size': 12 }),
    ...(line ? axis(line, scaleOf(bars), most(bars), HEADER + 10, bottom + 6, colours) : []),
  ];
  let top = HEADER;
  for (const group of groups) {
    const style = { fill: colours.ink, 'font-weight': 600 };
    parts.push(text(MARGIN, top + 23, group.title, style));
    top += TITLE;
    const scale = scaleOf(line ? bars : group.bars);
    for (const bar of group.bars) {
      parts.push(...drawBar(bar, scale, values, top + ROW / 2, colours));
      top += ROW;
    }
  }
  const spoken = groups.map((group) => describe(group)).join(' ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title desc" font-family="${FONT}" font-size="13">`,
    `<title id="title">${escape(title)}</title>`,
    `<desc id="desc">${escape(`${subtitle}. ${spoken}`)}</desc>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

function drawBar({ label, isOurs, median, min, max, text: value }, scale, values, middle, colours) {
  const style = { fill: colours.ink, ...(isOurs && { 'font-weight': 600 }) };
  const from = scale(min).toFixed(1);
  const to = scale(max).toFixed(1);
  const cap = (x) => `M${x} ${middle - 4}v8`;
  const width = Math.max(1, scale(median) - scale(0)).toFixed(1);
  const box = `x="${scale(0)}" y="${middle - BAR / 2}" width="${width}" height="${BAR}"`;
  return [
    text(scale(0) - GAP, middle + 4.5, label, { ...style, 'text-anchor': 'end' }),
    `<rect ${box} rx="2" fill="${isOurs ? colours.ours : colours.peer}"/>`,
    `<path d="M${from} ${middle}H${to}${cap(from)}${cap(to)}" stroke="${colours.ink}" stroke-width="1.25" fill="none"/>`,
    text(values, middle + 4.5, value, style),
  ];
}

/** The line that everything is compared with, and a grid at its quarters. */
function axis({ at, label }, scale, most, top, bottom, colours) {
  const parts = [];
  for (let quarter = 0; (quarter / 4) * at <= most; quarter++) {
    const x = scale((quarter / 4) * at).toFixed(1);
    const isLine = quarter === 4;
    const stroke = isLine ? colours.ink : colours.grid;
    parts.push(
      `<path d="M${x} ${top}V${bottom}" stroke="${stroke}"${isLine ? ' stroke-dasharray="4 3"' : ''}/>`,
      text(x, bottom + 16, String((quarter / 4) * at), {
        fill: colours.faint,
        'font-size': 12,
        'text-anchor': 'middle',
      }),
    );
  }
  const style = { fill: colours.ink, 'font-size': 12, 'text-anchor': 'middle' };
  return [...parts, text(scale(at).toFixed(1), top - 5, label, style)];
}

function describe({ title, bars }) {
  return `${title}: ${bars.map((bar) => `${bar.label} ${bar.text}`).join('; ')}.`;
}

function text(x, y, content, attributes) {
  const all = Object.entries({ x, y, ...attributes }).map(([name, value]) => `${name}="${value}"`);
  return `<text ${all.join(' ')}>${escape(content)}</text>`;
}

function escape(content) {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const $ = (id) => document.getElementById(id);
const here = location.pathname.split('/').at(-1);
const clone = (template) => $(template).content.firstElementChild.cloneNode(true);
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** The node that answered this tab's last request. */
let answeredBy;

const news = new EventSource('/cluster/events');
news.addEventListener('open', () => $('journal').replaceChildren());
news.addEventListener('machines', ({ data }) => showMachines(JSON.parse(data)));
news.addEventListener('entry', ({ data }) => write(JSON.parse(data)));
news.addEventListener('error', () => {
  $('here').textContent = 'The proxy itself cannot be reached.';
});

function showMachines({ nodes, redis }) {
  for (const node of nodes) {
    const card = cardOf(node.name, node.state);
    const sees = node.redis === 'up' ? '' : ', no Redis';
    card.querySelector('.machine-state').textContent =
      node.state === 'up' ? `up${sees}` : node.state;
    card.dataset.redis = node.redis;
    card.querySelector('.quiet').textContent = `${node.answered} answered`;
    const tabs = node.tabs.map((tab) => chip(tab === here ? `${tab}, this tab` : tab, node.name));
    card.querySelector('.tabs').replaceChildren(...tabs);
    card.dataset.tabs = node.tabs.join(' ');
  }
  const card = cardOf('redis', redis);
  card.querySelector('.machine-state').textContent = redis;
  card.querySelector('.quiet').textContent = 'keeps the sessions';
  const holder = nodes.find(({ tabs }) => tabs.includes(here));
  showHere(holder?.name);
}

/** The card of a machine, made when it is first heard of. */
function cardOf(name, state) {
  const id = `machine-${name}`;
  const card = $(id) ?? $('machines').appendChild(clone('machine'));
  card.id = id;
  card.dataset.machine = name;
  card.dataset.state = state;
  const title = name === 'redis' ? 'Redis' : name;
  card.querySelector('h3').textContent = title;
  const button = card.querySelector('button');
  const isDown = state === 'down';
  button.hidden = state === 'elsewhere';
  button.disabled = state === 'starting';
  button.textContent = isDown ? 'Start' : 'Kill';
  button.classList.toggle('danger', !isDown);
  button.setAttribute('aria-label', `${button.textContent} ${title}`);
  button.dataset.testid = `${isDown ? 'start' : 'kill'}-${name}`;
  button.onclick = () => fetch(`/cluster/${name}/${isDown ? 'start' : 'kill'}`, { method: 'POST' });
  return card;
}

function showHere(holder) {
  const parts = [`This is tab ${here}`];
  if (answeredBy) parts.push(`last answered by ${answeredBy}`);
  parts.push(holder ? `hears from ${holder}` : 'hears from nobody yet');
  $('here').textContent = `${parts.join(', ')}.`;
}

/** One line for each thing that happened; all that is told of the end of one session is one. */
function write(entry) {
  const { kind, machine, tab, session } = entry;
  if (kind === 'answered' && tab === here) answeredBy = machine;
  const text = TEXTS[kind]?.(entry);
  if (!text) return;
  const known = session && $(`end-${session}`);
  const line = known ?? clone('entry');
  if (session) line.id = `end-${session}`;
  line.dataset.kind = kind === 'handled' ? 'told' : kind;
  line.classList.toggle('bad', entry.status >= 500 || entry.state === 'down');
  line.querySelector('time').textContent ||= clock.format(entry.at * 1000);
  if (kind === 'handled') {
    line.querySelector('.work').append('Done by ', mark(chip(machine), 'done-by'), `: ${text}`);
  } else {
    line.querySelector('.chips').append(mark(chip(machine), kind));
    line.querySelector('.what').textContent = text;
  }
  if (!known) $('journal').prepend(line);
  while ($('journal').children.length > 100) $('journal').lastElementChild.remove();
}

const ofTab = (tab) => (tab ? `Tab ${tab}` : 'Somebody');
const TEXTS = {
  is: ({ state }) => ({ up: 'Up.', down: 'Down.' })[state],
  redis: ({ state }) =>
    state === 'up' ? 'Gets answers from Redis.' : 'Gets no answer from Redis.',
  answered: ({ tab, what, status, retryAfter }) =>
    `${ofTab(tab)}: ${what} → ${status}${retryAfter ? `, Retry-After: ${retryAfter}` : ''}`,
  holds: ({ tab }) => `Holds the event stream of tab ${tab}.`,
  told: ({ session, reason }) => `Told: session ${session.slice(-8)} has ended, ${reason}.`,
  handled: ({ work }) => `${work}.`,
};

function mark(element, testid) {
  element.dataset.testid = testid;
  return element;
}

function chip(text, machine = text) {
  const element = document.createElement('b');
  element.className = 'chip';
  element.dataset.machine = machine;
  element.textContent = text;
  return element;
}

function unfold(isOpen) {
  $('dock-body').hidden = !isOpen;
  $('fold').setAttribute('aria-expanded', isOpen);
  $('fold').textContent = isOpen ? 'Fold' : 'Unfold';
}

$('fold').onclick = () => unfold($('dock-body').hidden);
unfold(matchMedia('(min-width: 721px)').matches);
// The dock lies over the page, which must be able to scroll out from under it.
new ResizeObserver(() => {
  document.body.style.paddingBottom = `${$('dock').offsetHeight}px`;
}).observe($('dock'));
document.title = `${here}: ${document.title}`;
document.querySelector('.hints ol').replaceChildren($('hints').content);

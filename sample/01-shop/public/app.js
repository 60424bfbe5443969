const $ = (id) => document.getElementById(id);

/** What the page says when its session has ended, by reason. */
const ENDINGS = {
  idle: ['Your session ran out', 'Nobody used it for a while, in any tab. Its cart went with it.'],
  absolute: ['Your session reached its greatest age', 'Even a busy session ends one day.'],
  logout: ['You are logged out', 'The session ended in every tab that shared it, at once.'],
  revoked: ['Your session was ended from elsewhere', 'Another device of yours ended the others.'],
  limit: ['Your session made room for another', 'There are only so many at a time.'],
  lost: ['The server no longer knows your session', 'It may have been restarted meanwhile.'],
};

/** The last view that the server sent: products, cart, session and sessions. */
let view;
/** The stream of changes of the session on show. */
let live;
/** When the idle timeout ends, on this page's own clock, in seconds. */
let idleAt;

async function request(method, path, body) {
  const response = await fetch(`/api/${path}`, {
    method,
    headers: body ? { 'content-type': 'application/json' } : {},
    body: body && JSON.stringify(body),
  });
  const answer = response.status === 204 ? undefined : await response.json();
  if (!response.ok) throw new Error(answer.message);
  return answer;
}

/** Does what a click asks for. While the stream is open it brings the news, in order. */
async function act(method, path, body) {
  try {
    const answer = await request(method, path, body);
    notice();
    if (live?.readyState !== EventSource.OPEN) arrive(answer);
  } catch (error) {
    notice(error instanceof TypeError ? 'The shop cannot be reached just now.' : error.message);
  }
}

function arrive(next) {
  const lost = view?.session && view.session.id !== next?.session?.id;
  if (lost) end(next ? 'lost' : 'logout');
  if (!next) return;
  if (next.session && !lost) $('ended').hidden = true;
  show(next);
  const deaf = !live || live.readyState === EventSource.CLOSED;
  if (next.session && deaf) listen();
}

function listen() {
  live = new EventSource('/api/events');
  live.addEventListener('open', () => {
    notice();
    showLive();
  });
  live.addEventListener('error', () => {
    showLive();
    // A refusal is final for the browser; the server may be well again in a moment.
    if (live?.readyState === EventSource.CLOSED) setTimeout(listenAgain, 1000, live);
  });
  live.addEventListener('changed', ({ data }) => show(JSON.parse(data)));
  live.addEventListener('ended', ({ data }) => end(JSON.parse(data).reason));
}

function listenAgain(deaf) {
  if (deaf === live) listen();
}

function end(reason) {
  notice();
  live?.close();
  live = undefined;
  const [title, text] = ENDINGS[reason] ?? ['Your session ended', `The reason: ${reason}.`];
  $('ended-title').textContent = title;
  $('ended-text').textContent = text;
  $('ended').dataset.reason = reason;
  $('ended').hidden = false;
  $('session-none').textContent = `None. The last one ended: ${reason}.`;
  show({ ...view, cart: { items: [], total: 0 }, session: undefined, sessions: [] });
}

const euros = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' });
const money = (cents) => euros.format(cents / 100);
const time = (at) => new Date(at * 1000).toLocaleTimeString([], { timeStyle: 'short' });
const day = (at) => new Date(at * 1000).toLocaleDateString([], { dateStyle: 'medium' });

function show(next) {
  view = next;
  const { products, cart, session, sessions } = next;
  showProducts(products, cart);
  showCart(cart);
  showSession(session, sessions ?? []);
  showLive();
  idleAt = session && performance.now() / 1000 + session.expiresAt - next.now;
  tick();
}

function showProducts(products, cart) {
  keyed($('products'), products, 'sku', 'product', (card, product) => {
    const quantity = cart.items.find(({ sku }) => sku === product.sku)?.quantity ?? 0;
    draw(card, product.sku);
    card.querySelector('h3').textContent = product.name;
    card.querySelector('.quiet').textContent = product.note;
    card.querySelector('.price').textContent = money(product.price);
    const badge = card.querySelector('.badge');
    badge.hidden = quantity === 0;
    badge.textContent = quantity;
    badge.title = `${quantity} in the cart`;
    button(card, '.add', `add-${product.sku}`, `Add ${product.name}`, () =>
      act('POST', `cart/${product.sku}`),
    );
  });
}

function showCart({ items, total }) {
  keyed($('lines'), items, 'sku', 'line', (line, { sku, name, quantity, sum }) => {
    draw(line, sku);
    line.querySelector('.line-name').textContent = name;
    line.querySelector('.quantity').textContent = quantity;
    line.querySelector('.quantity').dataset.testid = `quantity-${sku}`;
    line.querySelector('.price').textContent = money(sum);
    button(line, '.more', `more-${sku}`, `One more: ${name}`, () => act('POST', `cart/${sku}`));
    button(line, '.less', `less-${sku}`, `One less: ${name}`, () => act('DELETE', `cart/${sku}`));
  });
  const empty = items.length === 0;
  $('cart-empty').hidden = !empty;
  $('clear').hidden = empty;
  $('total-row').hidden = empty;
  $('total').textContent = money(total);
  $('to-cart').hidden = empty;
  $('to-cart').setAttribute('aria-label', `Cart, ${money(total)}`);
  $('to-cart-total').textContent = money(total);
}

function showSession(session, sessions) {
  const principal = session?.principal;
  $('session-none').hidden = Boolean(session);
  $('session-some').hidden = !session;
  $('clock').hidden = !session;
  $('login').hidden = Boolean(principal);
  $('known').hidden = !principal;
  $('mine').hidden = !principal;
  $('whose').classList.toggle('known', Boolean(session));
  $('whose').textContent = principal ? `Hello, ${session.profile.name}` : 'Looking around';
  if (!session) return;

  $('session-id').textContent = session.id.slice(-8);
  $('session-principal').textContent = principal ?? 'nobody yet';
  $('session-created').textContent = time(session.createdAt);
  $('session-latest').textContent = day(session.endsAt);
  const { name, since, device } = session.profile;
  $('profile-name').textContent = name;
  $('profile-since').textContent = `since ${time(since)}, ${device}`;
  keyed($('devices'), sessions, 'id', 'device', (item, other) => {
    item.querySelector('b').textContent = other.profile.device;
    item.querySelector('.here').hidden = !other.current;
    const short = other.id.slice(-8);
    item.querySelector('.quiet').textContent = `${short}, used ${time(other.lastModified)}`;
  });
  $('end-others').hidden = sessions.length < 2;
}

function showLive() {
  const state = live ? ['connecting', 'live', 'closed'][live.readyState] : 'none';
  $('live').dataset.state = state;
  $('live').textContent = state;
}

function notice(text = '') {
  $('notice').hidden = text === '';
  $('notice').textContent = text;
}

function tick() {
  const left = idleAt === undefined ? 0 : Math.max(0, idleAt - performance.now() / 1000);
  const share = left && Math.min(1, left / view.session.sessionTimeout);
  const seconds = Math.ceil(left);
  const clock =
    seconds < 180
      ? `${seconds} s`
      : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  $('seconds').textContent = clock;
  document.documentElement.style.setProperty('--left', share);
  document.documentElement.classList.toggle('low', share < 0.25);
}

/** One element for each item, made from a template, kept as long as its item (and its focus) is. */
function keyed(list, items, key, template, fill) {
  const known = new Map([...list.children].map((element) => [element.dataset.key, element]));
  const elements = items.map((item) => {
    const element = known.get(item[key]) ?? $(template).content.firstElementChild.cloneNode(true);
    element.dataset.key = item[key];
    fill(element, item);
    return element;
  });
  const same =
    elements.length === list.children.length && elements.every((e, i) => e === list.children[i]);
  if (!same) list.replaceChildren(...elements);
}

function draw(element, sku) {
  element.dataset.glaze = sku;
  element.querySelector('use').setAttribute('href', `/art.svg#${sku}`);
}

function button(element, selector, testid, label, onclick) {
  const found = element.querySelector(selector);
  found.dataset.testid = testid;
  found.setAttribute('aria-label', label);
  found.onclick = onclick;
}

const load = () => act('GET', 'shop');

$('clear').onclick = () => act('DELETE', 'cart');
$('logout').onclick = () => act('POST', 'logout');
$('end-others').onclick = () => act('POST', 'sessions/end-others');
$('stay').onclick = load;
$('login').onsubmit = (event) => {
  event.preventDefault();
  void act('POST', 'login', { name: $('name').value });
};
$('start-anew').onclick = () => {
  $('ended').hidden = true;
  void load();
};
// Another tab may have made a session meanwhile.
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && !live && $('ended').hidden) void load();
});

setInterval(tick, 200);
void load();

import { jest } from '@jest/globals';
import { type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core';
import { endOf, launchBrowser, sees, withBrowser } from '../../01-shop/test/browser.js';
import { RedisServer } from '../src/cluster/redis-server.js';
import { type RunningCluster, startCluster } from './running-cluster.js';

jest.setTimeout(120_000);

const withCluster = RedisServer.isInstalled ? withBrowser : describe.skip;

withCluster('The shop on three nodes, in a browser', () => {
  let browser: Browser;
  let cluster: RunningCluster;
  let window: BrowserContext;

  beforeAll(async () => {
    [browser, cluster] = await Promise.all([launchBrowser(), startCluster()]);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), cluster?.stop()]);
  });

  beforeEach(async () => {
    window = await browser.newContext();
  });
  afterEach(() => window.close());

  async function open(): Promise<Page> {
    const page = await window.newPage();
    await page.goto(cluster.url);
    await page.getByTestId('add-mug').waitFor();
    return page;
  }

  /** Two tabs that share a session with a mug in its cart, and hang on different nodes. */
  async function openTwo(): Promise<readonly [Page, Page]> {
    const first = await open();
    await first.getByTestId('add-mug').click();
    await nodeOf(first).waitFor();
    const second = await open();
    await nodeOf(second).waitFor();
    return [first, second];
  }

  it('shows one cart in tabs that hang on different nodes', async () => {
    const [first, second] = await openTwo();

    await second.getByTestId('add-vase').click();

    await sees(first, 'cart-total', '€50.00');
    await sees(second, 'cart-total', '€50.00');
    expect(await nameOf(nodeOf(first))).not.toBe(await nameOf(nodeOf(second)));
  });

  it('tells every node and tab of a logout, and has the work done by one node', async () => {
    const [first, second] = await openTwo();
    const id = await first.getByTestId('session-id').textContent();
    await first.getByTestId('login-name').fill('Ada');
    await first.getByTestId('login').click();
    await sees(second, 'session-principal', 'Ada');

    await first.getByTestId('logout').click();

    expect([await endOf(first), await endOf(second)]).toEqual(['logout', 'logout']);
    const end = second.getByTestId('entry').filter({ hasText: `${id} has ended, logout` });
    await end.getByTestId('told').nth(2).waitFor();
    await end.getByTestId('done-by').waitFor();
    expect(await end.getByTestId('told').allTextContents()).toEqual(
      expect.arrayContaining(['node-1', 'node-2', 'node-3']),
    );
    expect(await end.getByTestId('done-by').count()).toBe(1);
  });

  it('keeps the session when the node that a tab hangs on dies', async () => {
    const [first, second] = await openTwo();
    const id = await first.getByTestId('session-id').textContent();
    const name = await nameOf(nodeOf(first));

    await second.getByTestId(`kill-${name}`).click();
    await machine(second, name, 'down').waitFor();

    await nodeOf(first, `:not([data-machine="${name}"])`).waitFor();
    await second.getByTestId('add-vase').click();
    await sees(first, 'cart-total', '€50.00');
    expect(await first.getByTestId('session-id').textContent()).toBe(id);
    await second.getByTestId(`start-${name}`).click();
  });

  it('answers 503 while Redis is away, ends no session, and recovers by itself', async () => {
    const page = await open();
    await page.getByTestId('add-mug').click();
    await sees(page, 'cart-total', '€18.00');

    await page.getByTestId('kill-redis').click();
    await machine(page, 'redis', 'down').waitFor();
    const [refused] = await Promise.all([
      page.waitForResponse('**/api/cart/vase'),
      page.getByTestId('add-vase').click(),
    ]);
    await page.getByTestId('notice').waitFor();

    expect([refused.status(), refused.headers()['retry-after']]).toEqual([503, '1']);
    expect(refused.headers()['set-cookie']).toBeUndefined();
    await page.getByTestId('start-redis').click();
    await page.locator('[data-machine^="node"][data-redis="up"]').nth(2).waitFor();
    await page.getByTestId('add-vase').click();
    await sees(page, 'cart-total', '€50.00');
    expect(await page.getByTestId('ended').isVisible()).toBe(false);
  });
});

function machine(page: Page, name: string | null, state: string): Locator {
  return page.locator(`[data-testid="machine"][data-machine="${name}"][data-state="${state}"]`);
}

/** The card of the node that holds the tab's event stream, as the tab itself shows it. */
function nodeOf(page: Page, which = ''): Locator {
  const tab = page.url().split('/').at(-1);
  return page.locator(`[data-testid="machine"][data-tabs~="${tab}"]${which}`);
}

function nameOf(card: Locator): Promise<string | null> {
  return card.getAttribute('data-machine');
}

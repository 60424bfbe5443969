import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { jest } from '@jest/globals';
import { Reactor } from 'nestjs-live-session';
import { Clock } from 'nestjs-live-session/testing';
import { type Browser, type BrowserContext, type Page } from 'playwright-core';
import { AppModule } from '../src/app.module.js';
import { IDLE } from '../src/shop.module.js';
import { endOf, launchBrowser, sees, withBrowser } from './browser.js';

jest.setTimeout(60_000);

withBrowser('The shop, in a browser', () => {
  let browser: Browser;
  let app: INestApplication;
  let clock: Clock;
  let url: string;
  let window: BrowserContext;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  beforeEach(async () => {
    clock = new Clock();
    const testing = Test.createTestingModule({ imports: [AppModule] });
    const module = await testing.overrideProvider(Reactor).useValue(clock).compile();
    app = module.createNestApplication({ forceCloseConnections: true });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
    window = await browser.newContext();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await app.close();
  });

  async function open(context = window): Promise<Page> {
    const page = await context.newPage();
    await page.goto(url);
    await page.getByTestId('add-mug').waitFor();
    return page;
  }

  async function openLoggedIn(context = window): Promise<Page> {
    const page = await open(context);
    await page.getByTestId('login-name').fill('Ada');
    await page.getByTestId('login').click();
    await sees(page, 'profile-name', 'Ada');
    await sees(page, 'live', 'live');
    return page;
  }

  it('costs a visitor no cookie', async () => {
    const page = await open();

    expect(await page.getByTestId('session-none').isVisible()).toBe(true);
    expect(await window.cookies()).toEqual([]);
  });

  it('makes a session of the first thing in the cart, and adds up', async () => {
    const page = await open();

    await page.getByTestId('add-mug').click();
    await page.getByTestId('more-mug').click();
    await page.getByTestId('add-teapot').click();

    await sees(page, 'cart-total', '€90.00');
    expect(await window.cookies()).toEqual([
      expect.objectContaining({ name: 'sid', httpOnly: true, sameSite: 'Lax' }),
    ]);
  });

  it('changes the cookie at the login and keeps the cart and the session', async () => {
    const page = await open();
    await page.getByTestId('add-bowl').click();
    await sees(page, 'cart-total', '€24.00');
    const id = await page.getByTestId('session-id').textContent();
    const [before] = await window.cookies();

    await page.getByTestId('login-name').fill('Ada');
    await page.getByTestId('login').click();

    await sees(page, 'session-principal', 'Ada');
    await sees(page, 'cart-total', '€24.00');
    const [after] = await window.cookies();
    expect(after?.value).not.toBe(before?.value);
    expect(await page.getByTestId('session-id').textContent()).toBe(id);
    expect(await page.textContent('main')).not.toMatch(/Invalid|undefined|NaN/);
  });

  it('shows one live cart in two tabs', async () => {
    const first = await open();
    await first.getByTestId('add-mug').click();
    await sees(first, 'cart-total', '€18.00');
    const second = await open();
    await sees(second, 'cart-total', '€18.00');

    await first.getByTestId('add-vase').click();
    await sees(second, 'cart-total', '€50.00');
    await second.getByTestId('less-mug').click();

    await sees(first, 'cart-total', '€32.00');
    expect(await first.getByTestId('quantity-mug').count()).toBe(0);
  });

  it('tells the other tab of a logout', async () => {
    const first = await openLoggedIn();
    await first.getByTestId('add-mug').click();
    const second = await open();
    await sees(second, 'cart-total', '€18.00');
    await sees(second, 'live', 'live');

    await first.getByTestId('logout').click();

    expect(await endOf(first)).toBe('logout');
    expect(await endOf(second)).toBe('logout');
    expect(await second.getByTestId('cart-empty').isVisible()).toBe(true);
    expect(await window.cookies()).toEqual([]);
  });

  it('ends the other sessions of the same name, and only those', async () => {
    const here = await openLoggedIn();
    const there = await openLoggedIn(await browser.newContext());
    await here.getByTestId('device').nth(1).waitFor();

    await here.getByTestId('end-others').click();

    expect(await endOf(there)).toBe('revoked');
    await here.getByTestId('end-others').waitFor({ state: 'hidden' });
    expect(await here.getByTestId('device').count()).toBe(1);
    expect(await here.getByTestId('ended').isVisible()).toBe(false);
  });

  it('ends an idle session in the open page, and starts anew', async () => {
    const page = await openLoggedIn();
    clock.advance(IDLE - 1);
    await Promise.all([page.waitForResponse('**/api/shop'), page.getByTestId('stay').click()]);
    clock.advance(IDLE - 1);
    await page.getByTestId('add-plate').click();
    await sees(page, 'cart-total', '€26.00');

    clock.advance(IDLE);

    expect(await endOf(page)).toBe('idle');
    expect(await page.getByTestId('cart-empty').isVisible()).toBe(true);
    await page.getByTestId('start-anew').click();
    await page.getByTestId('ended').waitFor({ state: 'hidden' });
    expect(await window.cookies()).toEqual([]);
  });

  it('refuses what it does not sell, and names that are none, without a session', async () => {
    const { request } = window;

    const unknown = await request.post(`${url}/api/cart/unicorn`);
    const nameless = await request.post(`${url}/api/login`, { data: { name: ' ' } });
    const stranger = await request.get(`${url}/api/sessions`);

    const statuses = [unknown, nameless, stranger].map((response) => response.status());
    expect(statuses).toEqual([404, 400, 401]);
    expect(await window.cookies()).toEqual([]);
  });
});

import { boot, type Platform, setCookies } from '../support/boot.js';
import { Cart } from '../support/cart.js';
import { cookieOf } from '../support/cookie.js';
import { journalBytes } from '../support/journal.js';
import { logged } from '../support/logged.js';
import { type Answers, PLATFORMS_AND_STORES, storeThatAnswers } from '../support/stores.js';
import { waysControllers, waysOn } from '../support/ways.js';

async function setup(platform: Platform, answers: Answers) {
  logged();
  const journal: string[] = [];
  const store = storeThatAnswers(answers);
  store.after = (operation, answer) => {
    if (operation === 'commit') journal.push('saved');
    return answer;
  };
  const booted = await boot({
    platform,
    options: { store },
    components: [Cart],
    controllers: waysControllers(platform),
  });
  journalBytes(booted.app, () => journal.push('byte'));
  const session = await booted.sessions.makeSession();
  return { ...booted, journal, session, cookie: cookieOf(session) };
}

describe.each(PLATFORMS_AND_STORES)('A response on %s, stored %s,', (platform, answers) => {
  it.each(waysOn(platform))(
    'sets the cookie of a new session on its way by $method $name',
    async ({ name, status, method, headers }) => {
      const { http } = await setup(platform, answers);

      const response = await http[method](`/${name}`).set(headers).redirects(0);

      expect(response.status).toBe(status);
      expect(setCookies(response)).toEqual([expect.stringMatching(/^sid=[\w-]{43}; /)]);
    },
  );

  it.each(waysOn(platform))(
    'leaves when the session is saved, by $method $name',
    async ({ name, status, method, headers }) => {
      const { http, journal, session, cookie } = await setup(platform, answers);

      const response = await http[method](`/${name}`)
        .set({ ...headers, cookie })
        .redirects(0);

      expect(response.status).toBe(status);
      expect(journal.slice(0, 2)).toEqual(['saved', 'byte']);
      expect(session.getComponent(Cart).items).toEqual(['tea']);
    },
  );
});

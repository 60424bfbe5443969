/** The library, as `npm run bench` has built it; a build elsewhere meanwhile does not change it. */
export * from '../dist/index.js';

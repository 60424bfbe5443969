import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

afterEach(() => {
  jest.restoreAllMocks();
});

/** Keeps errors out of the test's output; answers with the list of what is logged from now on. */
export function logged(): unknown[] {
  const errors: unknown[] = [];
  jest.spyOn(Logger.prototype, 'error').mockImplementation((message: unknown) => {
    errors.push(message);
  });
  return errors;
}

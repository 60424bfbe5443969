/**
 * The child's side of `start()`: says that it is ready, then answers one question after another. It
 * ends with its parent.
 */
export function serve(ready, answer) {
  process.on('disconnect', () => process.exit());
  process.on('message', async (question) => {
    try {
      process.send(await answer(question));
    } catch (error) {
      process.send({ failed: error.message });
    }
  });
  // The parent may have ended before anybody listened for it.
  if (process.connected) process.send(ready);
  else process.exit();
}

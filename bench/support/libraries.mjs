/** The libraries whose sessions are measured without HTTP, and the packages that each needs. */
export const LIBRARIES = [
  { name: 'ours', needs: [] },
  { name: 'floor', needs: [] },
  { name: 'express-session', needs: ['express-session'] },
  { name: 'memorystore', needs: ['express-session', 'memorystore'] },
];

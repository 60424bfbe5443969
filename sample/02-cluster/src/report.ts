/** What a node tells of itself to those who watch. */
export type Report =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'redis'; readonly state: string }
  /** `expire$`: every node is told of every end. */
  | { readonly kind: 'told'; readonly session: string; readonly reason: string }
  /** `@OnSessionExpire()`: one node has handled it. */
  | { readonly kind: 'handled'; readonly session: string; readonly work: string };

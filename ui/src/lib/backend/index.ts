// Which side of the door is open is chosen when the front-end is built (vite.config.ts).
export { backend } from '$lib/backend/chosen';
export * from './door';

/** Sets the clock of a process ahead by SKEW_MS; loaded before the program (`node --import`). */
const ahead = Number(process.env['SKEW_MS']);
const RealDate = Date;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: []) => (args.length === 0 ? new target(RealDate.now() + ahead) : new target(...args)),
  get: (target, name) => (name === 'now' ? () => RealDate.now() + ahead : (Reflect.get(target, name) as unknown)),
});

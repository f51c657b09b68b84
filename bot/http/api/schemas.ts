/** The schemas of the API: they check requests, and the document is generated from them. */
import { z } from '@hono/zod-openapi';
import { PROBLEMS } from '../../../handlers/api/answer.ts';
import type { CouponJson } from '../../../handlers/api/coupon-json.ts';
import type { StoreJson, SummaryJson } from '../../../handlers/api/read-ledger.ts';
import { REFUSAL_CODES, STATUSES, type VerificationJson } from '../../../handlers/api/verification-json.ts';
import { PLATFORM_NAMES } from '../../../services/platforms/names.ts';

const fen = z.int().openapi({ description: 'Fen, the hundredth of a yuan.', example: 4900 });
const moment = z.string().openapi({ description: 'ISO 8601 with offset.', example: '2026-11-22T18:30:00.000+08:00' });
const day = z.iso.date().openapi({ description: 'A business day of the store.', example: '2026-11-22' });
const count = z.int().min(0);
const platform = z.enum(PLATFORM_NAMES).openapi({ description: 'The gateway that a coupon is verified through.' });

/** What a person might have typed into one line: no control characters, no halves of characters. */
const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]+$/u, 'one line without control characters');

export const Code = z
  .string()
  .regex(/^\d{4,19}$/)
  .openapi({ description: 'The digits of the coupon, as text: they may begin with zeros.', example: '1000420616' });
export const Id = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/)
  .openapi({ example: '8f3k2m9q1x7c5v0b' });
const Choice = z
  .string()
  .regex(/^[0-9a-f]{12}$/)
  .openapi({ description: 'Names one of several coupons with the same code.', example: '3f9a0c71be52' });
export const Day = day;

export const Store = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    zone: z.string().openapi({ example: 'Asia/Shanghai' }),
    day_end: z.string().openapi({ description: 'When the business day ends, HH:MM.', example: '00:00' }),
    platforms: z.array(platform),
  })
  .openapi('Store') satisfies z.ZodType<StoreJson>;

export const Coupon = z
  .strictObject({
    code: z.string(),
    title: z.string(),
    amount: fen.nullable().openapi({ description: 'The price of one use, fen.' }),
    market_amount: fen.nullable(),
    uses_left: count,
    valid_from: moment.nullable(),
    valid_until: moment.nullable(),
    platform,
    order_id: z.string().nullable(),
    choice: Choice,
  })
  .openapi('Coupon') satisfies z.ZodType<CouponJson>;
export const Looked = z.strictObject({ coupon: Coupon }).openapi('Lookup');

const verification = {
  id: z.string(),
  status: z.enum(STATUSES),
  code: z.string(),
  title: z.string(),
  amount: fen.nullable().openapi({ description: 'What was consumed, fen; null where unknown.' }),
  uses: count,
  platform,
  store: z.string().openapi({ description: 'The id of the store.' }),
  place: z.string().nullable(),
  note: z.string().nullable(),
  by: z.strictObject({ kind: z.enum(['person', 'customer', 'key', 'rule']), name: z.string() }).nullable(),
  business_day: day.nullable(),
  verified_at: moment.nullable(),
  undo_until: moment.nullable(),
  undone_at: moment.nullable(),
  new_code: z.string().nullable().openapi({ description: 'The code of the coupon after it was undone.' }),
  refusal: z.strictObject({ code: z.enum(REFUSAL_CODES), message: z.string() }).nullable(),
  certainty: z
    .enum(['answered', 'listed', 'inferred', 'decided'])
    .nullable()
    .openapi({ description: 'How the yes is known: by the call itself, the platform’s list, two looks, or a person.' }),
};
export const Verification = z.strictObject(verification).openapi('Verification') satisfies z.ZodType<VerificationJson>;
export const Verified = z
  .strictObject({
    ...verification,
    others: z.array(Verification).optional().openapi({
      description: 'Further verifications of the same call, where the platform books each use for itself.',
    }),
  })
  .openapi('Verified');
export const Page = z
  .strictObject({ data: z.array(Verification), next_cursor: z.string().nullable() })
  .openapi('VerificationPage');

const rows = z.array(z.strictObject({ name: z.string(), count, amount: fen }));
export const Summary = z
  .strictObject({
    day,
    count,
    amount: fen,
    unpriced: count.openapi({ description: 'Verified uses without a known amount; not in `amount`.' }),
    undone: count,
    undone_amount: fen,
    unsure: count,
    refused: count,
    by_product: rows,
    by_person: rows,
    by_platform: rows,
    by_hour: z.array(count).length(24).openapi({ description: 'Uses verified in each hour by the store’s clock.' }),
  })
  .openapi('Summary') satisfies z.ZodType<SummaryJson>;

const CODES: readonly string[] = [...Object.keys(PROBLEMS), ...REFUSAL_CODES];
export const Problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(CODES),
    verification: z.string().optional().openapi({ description: 'The verification that it is about.' }),
    coupons: z.array(Coupon).optional().openapi({ description: 'With `several`: the coupons to choose from.' }),
    errors: z
      .array(z.strictObject({ at: z.string(), message: z.string() }))
      .optional()
      .openapi({ description: 'With `malformed`: what is wrong, and where.' }),
  })
  .openapi('Problem');

export const LookupAsk = z.strictObject({ code: Code }).openapi('LookupRequest');
export const VerifyAsk = z
  .strictObject({
    code: Code,
    uses: z.int().min(1).max(99).default(1).openapi({ description: 'How many uses of the coupon are consumed.' }),
    place: line(60).optional().openapi({ description: 'Where it is used: a table, a room.', example: '3 号桌' }),
    note: line(200).optional().openapi({ description: 'A remark of your own.', example: '订单 20261122-17' }),
    choice: Choice.optional(),
  })
  .openapi('VerificationRequest');

export const PageQuery = z.strictObject({
  from: day.optional(),
  to: day.optional(),
  status: z.enum(STATUSES).optional(),
  code: Code.optional(),
  cursor: z.string().min(1).max(300).optional().openapi({ description: 'The `next_cursor` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const KeyHeader = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[ -~]{1,255}$/)
    .openapi({
      description: 'Names this call: the same one again is carried out once and answered the same for seven days.',
      example: 'order-20261122-17',
    }),
});

export const IdPath = z.object({ id: Id.openapi({ param: { name: 'id', in: 'path' } }) });
export const DayPath = z.object({ day: day.openapi({ param: { name: 'day', in: 'path' } }) });

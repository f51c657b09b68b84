import { expect, test } from 'vitest';
import { createMetrics } from '../../../bot/telemetry/metrics.ts';

const nothingWaits = {
  inbox: async () => 0,
  outbox: async () => ({ due: 0, uncertain: 0 }),
  dead: async () => ({ inbox: 0, outbox: 0 }),
};

test('events and calls are counted by channel, platform and outcome', async () => {
  const metrics = createMetrics(nothingWaits);
  metrics.heard('telegram');
  metrics.heard('telegram');
  metrics.heard('web');
  metrics.answered('telegram', 0.3);
  metrics.platformCall('umember', 'verify', 'ok', 0.2);
  metrics.troubled('wecom-bot', true);
  metrics.troubled('web', false);
  const text = await metrics.text();
  expect(text).toContain('hexiao_channel_troubled{channel="wecom-bot"} 1');
  expect(text).toContain('hexiao_channel_troubled{channel="web"} 0');
  expect(text).toContain('hexiao_updates_heard_total{channel="telegram"} 2');
  expect(text).toContain('hexiao_updates_heard_total{channel="web"} 1');
  expect(text).toContain('hexiao_answer_seconds_bucket{le="0.25",channel="telegram"} 0');
  expect(text).toContain('hexiao_answer_seconds_bucket{le="0.5",channel="telegram"} 1');
  expect(text).toContain('hexiao_platform_call_seconds_sum{platform="umember",call="verify",outcome="ok"} 0.2');
  expect(text).toContain('process_resident_memory_bytes');
});

test('queue lengths are queried at the scrape', async () => {
  let inbox = 3;
  const metrics = createMetrics({
    inbox: async () => inbox,
    outbox: async () => ({ due: 2, uncertain: 1 }),
    dead: async () => ({ inbox: 0, outbox: 4 }),
  });
  expect(await metrics.text()).toMatch(/^hexiao_inbox_waiting 3$/m);
  inbox = 0;
  const text = await metrics.text();
  expect(text).toMatch(/^hexiao_inbox_waiting 0$/m);
  expect(text).toContain('hexiao_outbox{state="due"} 2');
  expect(text).toContain('hexiao_outbox{state="uncertain"} 1');
  expect(text).toContain('hexiao_dead{queue="inbox"} 0');
  expect(text).toContain('hexiao_dead{queue="outbox"} 4');
});

test('without the database the other metrics still answer', async () => {
  const down = async () => await Promise.reject(new Error('no database'));
  const metrics = createMetrics({ inbox: down, outbox: down, dead: down });
  metrics.heard('web');
  const text = await metrics.text();
  expect(text).toContain('hexiao_updates_heard_total{channel="web"} 1');
  expect(text).toMatch(/^hexiao_inbox_waiting Nan$/m);
  expect(text).toContain('hexiao_dead{queue="outbox"} Nan');
});

test('two registries are independent', async () => {
  const one = createMetrics(nothingWaits);
  const other = createMetrics(nothingWaits);
  one.heard('web');
  expect(await other.text()).not.toContain('channel="web"');
});

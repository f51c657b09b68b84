/**
 * The entry point: `node bot/start.js` runs the program, `node bot/start.js doctor` checks its configuration (`doctor wecom-menu`
 * makes a menu), `node bot/start.js rekey` seals everything with a new key. Plain JavaScript without static imports: a Node too old for the rest still understands it and says what to do.
 */
const version = process.versions.node;
const [major, minor] = version.split('.').map(Number);

if (major < 24 || (major === 24 && minor < 12)) {
  console.error(`需要 Node 24.12 或更新的版本，当前是 ${version}：请升级 Node，或用 npm start（在 linux-x64 上自带 Node）。`);
  console.error(
    `Node 24.12 or later is needed, this is ${version}: update Node, or use npm start (it brings its own on linux-x64).`,
  );
  process.exitCode = 1;
} else {
  open().catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.error(`缺少依赖，请先运行 npm ci。 Something is missing, run npm ci first. (${error.message})`);
    process.exitCode = 1;
  });
}

async function open() {
  const path = await import('node:path');
  const { enableCompileCache } = await import('node:module');
  // The compile cache saves a third of the start. Not in /tmp, where others could replace it; where this folder cannot be
  // written (a container), NODE_COMPILE_CACHE names another.
  enableCompileCache(path.resolve(process.argv[1], '../../node_modules/.cache/hexiao'));

  if (process.argv[2] === 'doctor') {
    const { doctor } = await import('./doctor/doctor.ts');
    process.exit(await doctor(undefined, undefined, process.argv[3]));
  }
  if (process.argv[2] === 'rekey') {
    const { rekey } = await import('./rekey.ts');
    process.exit(await rekey());
  }
  const { hasKnownHole } = await import('./config/node-version.ts');
  // The Node that the project brings is not the reader's to update; the doctor says it of that one too.
  const own = path.relative(path.resolve(process.argv[1], '../..'), process.execPath).startsWith('node_modules');
  if (hasKnownHole(version) && !own) {
    console.error(
      `安全警告：Node ${version} 有已知漏洞 CVE-2026-111497，请升级到 26.12.1 或 24.22.1 以上；本程序已做防护。 ` +
        `SECURITY: Node ${version} has a known hole, update it to 26.12.1 or 24.22.1 at least; this program guards against it.`,
    );
  }
  await import('./main.ts');
}

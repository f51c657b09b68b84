/** Checks the machine: Node version, disk, clock. */
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hasKnownHole } from '../config/node-version.ts';
import type { Ask } from './ask.ts';
import { bad, codeOf, ok, warn, type Check, type Say } from './check.ts';

/** Warns of a Node version with a known hole. */
export function nodeCheck(version: string, say: Say): Check {
  return {
    name: 'Node',
    async run() {
      if (!hasKnownHole(version)) return ok(version);
      return warn(
        say(
          `${version} 有已知漏洞 CVE-2026-111497（本程序已做防护）：请升级到 26.12.1 或 24.22.1 以上`,
          `${version} has the known hole CVE-2026-111497 (this program guards against it): update to 26.12.1 or 24.22.1 at least`,
        ),
      );
    },
  };
}

/** Checks that the folder is writable and its disk has room; `freeBytes` measures that disk. */
export function folderCheck(folder: string, say: Say, freeBytes: (folder: string) => Promise<number> = freeOf): Check {
  return {
    name: say('数据目录', 'Data folder'),
    async run() {
      const probe = path.join(folder, `.doctor-${process.pid}`);
      try {
        await mkdir(folder, { recursive: true });
        await writeFile(probe, 'written by the doctor');
        await rm(probe);
      } catch (error) {
        return bad(
          say(
            `${folder} 不能写入（${codeOf(error)}）：把目录交给运行本程序的用户，或另设 DATA_DIR`,
            `${folder} cannot be written (${codeOf(error)}): give the folder to the user who runs this, or set another DATA_DIR`,
          ),
        );
      }
      const megabytes = Math.floor((await freeBytes(folder)) / 1_048_576);
      if (megabytes >= 500)
        return ok(say(`${folder} 可写，剩余 ${megabytes} MB`, `${folder} can be written, ${megabytes} MB free`));
      const words = say(
        `${folder} 所在磁盘只剩 ${megabytes} MB：请清理或扩容`,
        `the disk of ${folder} has ${megabytes} MB left: make room`,
      );
      return megabytes < 50 ? bad(words) : warn(words);
    },
  };
}

async function freeOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Compares the clock with that of the server at `url`; business days depend on it. */
export function clockCheck(url: string, { ask, now, say }: { ask: Ask; now: () => number; say: Say }): Check {
  return {
    name: say('时钟', 'Clock'),
    async run() {
      const before = now();
      const date = await ask(url).then(
        (answer) => answer.date,
        () => Number.NaN,
      );
      if (Number.isNaN(date)) return warn(say(`${url} 没有给出时间，无法比对`, `${url} tells no time to compare with`));
      const seconds = Math.round((date - (before + now()) / 2) / 1000);
      if (Math.abs(seconds) <= 60)
        return ok(say(`与服务器相差 ${Math.abs(seconds)} 秒`, `${Math.abs(seconds)} s from the server's`));
      return warn(
        say(
          `本机时间${seconds > 0 ? '慢' : '快'}了 ${Math.abs(seconds)} 秒：请开启自动对时（timedatectl set-ntp true）`,
          `this machine is ${Math.abs(seconds)} s ${seconds > 0 ? 'behind' : 'ahead'}: let it set its time (timedatectl set-ntp true)`,
        ),
      );
    },
  };
}

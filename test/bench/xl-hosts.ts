/** Hosts of the bench: an ssh server in a process of its own that answers each guarded call with a text written beforehand. */
import { type ChildProcess, fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { utils } from 'ssh2'
import type { HostId } from '../../src/model/ids'
import type { HostTarget } from '../../workers/drivers/driver'

/** What free_xl_watched_list prints on a host with that many domains of ours, in the format of real tools. */
export function listingOf(machines: number): string {
  const name = (at: number): string => `i-${at.toString(16).padStart(17, '0')}`
  const uuid = (at: number): string => `00000000-0000-4000-8000-${at.toString(16).padStart(12, '0')}`
  const all = Array.from({ length: machines }, (_, at) => at + 1)
  const row = (it: string, id: number, memory: number, state: string, tail: string): string =>
    `${it.padEnd(40)} ${String(id).padStart(5)} ${String(memory).padStart(5)} ${'1'.padStart(5)}     ${state}  ${'3.9'.padStart(8)} ${tail}        -                -`
  return [
    '== info',
    'host                   : hv1',
    'nr_cpus                : 64',
    'total_memory           : 262144',
    'free_memory            : 1063',
    'virt_caps              : pv hvm hap gnttab-v1 gnttab-v2',
    'xen_caps               : xen-3.0-x86_64 hvm-3.0-x86_32 hvm-3.0-x86_64',
    'xen_version            : 4.17.7',
    'xen_scheduler          : credit2',
    '== host',
    'boot 0d5b5a3c-7b0e-4c51-8f3e-0a9c7a1d2e3f',
    'uptime 12345.67',
    'load 0.42',
    'now 1763700000',
    '== storage',
    'backend local local - 1000000000 900000000 qcow2',
    '== domains',
    'Name                                        ID   Mem VCPUs\tState\tTime(s)   UUID                            Reason-Code\tSecurity Label',
    row('Domain-0', 0, 2048, 'r-----', '00000000-0000-0000-0000-000000000000'),
    ...all.map((at) => row(name(at), at, 512, '-b----', uuid(at))),
    '== files',
    ...all.flatMap((at) => [
      `${name(at)}/machine:id ${uuid(at)}`,
      `${name(at)}/machine:site local-1`,
      `${name(at)}/machine:cores 1`,
      `${name(at)}/machine:cpu 100`,
      `${name(at)}/machine:memory 512`,
      `${name(at)}/machine:mode pvh`,
      `${name(at)}/disks:${name(at)}-root xvda on`,
      `${name(at)}/nics:02:00:00:00:00:${(at % 256).toString(16).padStart(2, '0')} xenbr0 on subnet-1`,
      `${name(at)}/started:1763600000`,
    ]),
    '== watched',
    '== devices',
    '== disks',
    ...all.map(
      (at) => `disk ${name(at)}-root 8589934592 qcow2 - /var/lib/occi-gateway/local-1/disks/${name(at)}-root.qcow2`,
    ),
    '== works',
    '== marks',
    '== xentop',
    '      NAME  STATE   CPU(sec) CPU(%)     MEM(k) MEM(%)  MAXMEM(k) MAXMEM(%) VCPUS NETS NETTX(k) NETRX(k) VBDS   VBD_OO   VBD_RD   VBD_WR  VBD_RSECT  VBD_WSECT SSID',
    '  Domain-0 -----r         72    0.0     524288   25.0     524288      25.0     1    0        0        0    0        0        0        0          0          0    0',
    ...all.map(
      (at) =>
        `  ${name(at)} --b---          3    0.0     524288   25.0     524288      25.0     1    1       10       20    1        0        1        0          8          0    0`,
    ),
    '== watch',
    '12345670 off -',
    '',
  ].join('\n')
}

export interface ScriptedHosts {
  readonly hosts: readonly HostTarget[]
  readonly keyFile: string
  /** Commands that reached a host so far. */
  commands(): Promise<number>
  close(): Promise<void>
}

/** `count` hosts, all answering with the same text. */
export async function startScriptedHosts(count: number, answer: string): Promise<ScriptedHosts> {
  const folder = mkdtempSync(join(tmpdir(), 'og-bench-'))
  const hostKey = utils.generateKeyPairSync('ed25519')
  const userKey = utils.generateKeyPairSync('ed25519')
  const keyFile = join(folder, 'key')
  writeFileSync(keyFile, userKey.private, { mode: 0o600 })
  writeFileSync(join(folder, 'host-key'), hostKey.private, { mode: 0o600 })
  writeFileSync(join(folder, 'answer'), `og1 free\n${answer}`)
  const blob = Buffer.from(hostKey.public.split(' ')[1] ?? '', 'base64')
  const pinned = `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
  const child: ChildProcess = fork(join(__dirname, 'xl-hosts-process.ts'), [folder, String(count)], {
    execArgv: ['-r', join(__dirname, '..', 'support', 'swc-register.js')],
  })
  const heard = <T>(): Promise<T> => new Promise((resolve) => child.once('message', (message) => resolve(message as T)))
  const ports = await heard<readonly number[]>()
  return {
    keyFile,
    hosts: ports.map((port, at) => ({
      id: `host-${at}` as HostId,
      name: `xen-${at}`,
      address: `ssh://root@127.0.0.1:${port}`,
      hostKeys: [pinned],
    })),
    commands: () => {
      const answered = heard<number>()
      child.send('commands')
      return answered
    },
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

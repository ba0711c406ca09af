/** Calls to one version of the guard on any host: installed where it is missing, once however many calls find it so. */
import { fault } from '../../../src/faults'
import type { HostTarget } from '../driver'
import { type Remote, type RemoteTarget, type RunOptions, remoteTarget } from '../remote'
import { type Answer, parseAnswer } from './answer'
import { guardCommand, installGuard } from './install'
import type { Script } from './script'

const targetOf = ({ address, hostKeys = [] }: HostTarget): RemoteTarget => remoteTarget(address, hostKeys)

export class GuardSession {
  readonly #remote: Remote
  readonly #folder: string
  readonly #script: Script
  /** Addresses of hosts that had this version when they were last asked. */
  readonly #has = new Set<string>()
  readonly #installing = new Map<string, Promise<void>>()

  constructor(remote: Remote, folder: string, script: Script) {
    this.#remote = remote
    this.#folder = folder
    this.#script = script
  }

  async install(host: HostTarget): Promise<void> {
    const { address } = host
    const install = (): Promise<void> =>
      installGuard(this.#remote, targetOf(host), this.#folder, this.#script).finally(() =>
        this.#installing.delete(address),
      )
    const under = this.#installing.get(address) ?? install()
    this.#installing.set(address, under)
    await under
    this.#has.add(address)
  }

  /** A call as it is; what is missing is said. */
  async ask(host: HostTarget, words: readonly string[], options: RunOptions): Promise<Answer> {
    const target = targetOf(host)
    const command = [...guardCommand(target, this.#folder), this.#script.version, ...words]
    return parseAnswer(host.name, await this.#remote.run(target, command, options))
  }

  /** A call, after the guard was installed where it is missing. Faults: those of the guard and of the way to it. */
  async call(host: HostTarget, words: readonly string[], options: RunOptions): Promise<Answer> {
    // A stream comes only once.
    const streams = options.input !== undefined && !Buffer.isBuffer(options.input)
    if (streams && !this.#has.has(host.address)) await this.install(host)
    let answer = await this.ask(host, words, options)
    if (answer.say === 'missing') {
      this.#has.delete(host.address)
      if (!streams) {
        await this.install(host)
        answer = await this.ask(host, words, options)
      }
    }
    if (answer.say === 'fault') throw answer.fault
    if (answer.say === 'missing') throw fault('unreachable', `the guard of ${host.name} went away: ${answer.because}`)
    this.#has.add(host.address)
    return answer
  }

  /** Faults: 'refused' while something is under way. */
  async uninstall(host: HostTarget, words: readonly string[], options: RunOptions): Promise<void> {
    let answer = await this.ask(host, words, options)
    if (answer.say === 'missing' && answer.what === 'version') {
      await this.install(host)
      answer = await this.ask(host, words, options)
    }
    this.#has.delete(host.address)
    if (answer.say === 'removed' || answer.say === 'missing') return
    if (answer.say === 'fault' && answer.fault.kind !== 'busy') throw answer.fault
    throw fault('refused', `the guard of ${host.name} is at work: it cannot be removed now`)
  }
}

/**
 * A tenant who changes their mind while things break: orders machines and turns them on and off through whichever gateway
 * answers, and remembers only what was acknowledged. A call whose answer was lost is sent again, with the same client token
 * where it is an order, until some gateway answers it.
 */
import { randomUUID } from 'node:crypto'
import {
  DescribeInstancesCommand,
  EC2Client,
  EC2ServiceException,
  type Instance,
  RebootInstancesCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly region: string
}

/** What the owner last asked of a machine and was told is accepted. */
export type Asked = 'running' | 'stopped' | 'terminated'
export type Verb = 'start' | 'stop' | 'reboot' | 'terminate'

const AFTER: Record<Verb, Asked | undefined> = {
  start: 'running',
  stop: 'stopped',
  reboot: undefined,
  terminate: 'terminated',
}
const command = (verb: Verb, ids: string[]) => {
  switch (verb) {
    case 'start':
      return new StartInstancesCommand({ InstanceIds: ids })
    case 'stop':
      return new StopInstancesCommand({ InstanceIds: ids })
    case 'reboot':
      return new RebootInstancesCommand({ InstanceIds: ids })
    case 'terminate':
      return new TerminateInstancesCommand({ InstanceIds: ids })
  }
}

/** A 4xx is an answer; everything else (no connection, a reset, 5xx) leaves the outcome unknown. */
const isRefusal = (thrown: unknown): boolean =>
  thrown instanceof EC2ServiceException && (thrown.$metadata.httpStatusCode ?? 500) < 500

export class Tenant {
  readonly asked = new Map<string, Asked>()
  readonly refusals: string[] = []
  lostAnswers = 0
  readonly #clients: readonly EC2Client[]
  #next = 0

  constructor(endpoints: readonly string[], credentials: Credentials) {
    this.#clients = endpoints.map(
      (endpoint) =>
        new EC2Client({
          endpoint,
          region: credentials.region,
          credentials,
          maxAttempts: 1,
          requestHandler: { requestTimeout: 15_000, connectionTimeout: 1_000 },
        }),
    )
  }

  /** Sends until it is answered, each time to the next gateway. */
  async #insist<T>(send: (client: EC2Client) => Promise<T>, deadline: number): Promise<T> {
    for (;;) {
      const client = this.#clients[this.#next++ % this.#clients.length]
      if (!client) throw new Error('no gateways')
      try {
        return await send(client)
      } catch (thrown) {
        if (isRefusal(thrown)) throw thrown
        this.lostAnswers++
        if (Date.now() > deadline) throw new Error(`no gateway answered: ${String(thrown)}`)
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
  }

  /** Orders `count` machines with one token; they count as running from the acknowledgement on. */
  async order(count: number, image: string): Promise<readonly string[]> {
    const input = {
      ImageId: image,
      InstanceType: 't2.nano' as const,
      MinCount: count,
      MaxCount: count,
      ClientToken: randomUUID(),
    }
    const answer = await this.#insist((client) => client.send(new RunInstancesCommand(input)), Date.now() + 60_000)
    const ids = (answer.Instances ?? []).map((instance) => instance.InstanceId ?? '')
    for (const id of ids) this.asked.set(id, 'running')
    return ids
  }

  /** Tries a verb on some machines; remembers it only when acknowledged. */
  async change(verb: Verb, ids: readonly string[]): Promise<void> {
    try {
      await this.#insist(async (client) => {
        await client.send(command(verb, [...ids]) as StopInstancesCommand)
      }, Date.now() + 60_000)
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown
      this.refusals.push(`${verb}: ${String(thrown)}`)
      return
    }
    const after = AFTER[verb]
    for (const id of ids) if (after && this.asked.get(id) !== 'terminated') this.asked.set(id, after)
  }

  /** Everything EC2 shows this tenant now. */
  async describe(): Promise<ReadonlyMap<string, Instance>> {
    const found = new Map<string, Instance>()
    let token: string | undefined
    do {
      const page = await this.#insist(
        (client) =>
          client.send(new DescribeInstancesCommand({ MaxResults: 1000, ...(token ? { NextToken: token } : {}) })),
        Date.now() + 60_000,
      )
      for (const reservation of page.Reservations ?? [])
        for (const instance of reservation.Instances ?? []) found.set(instance.InstanceId ?? '', instance)
      token = page.NextToken
    } while (token)
    return found
  }

  close(): void {
    for (const client of this.#clients) client.destroy()
  }
}

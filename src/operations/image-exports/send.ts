/** Bringing images to providers: the wishes; a worker does it. */
import { fault } from '../../faults'
import type { ImageExportId } from '../../model/ids'
import {
  EXPORT_NEVER_SEEN,
  exportHasEnded,
  fileToExport,
  type HostRecord,
  type ImageExportRecord,
  type ImageExportWish,
  type ImageRecord,
  NO_EXPORT,
} from '../../model/records'
import { imageExportName } from '../../store/names'
import type { Create, Update } from '../../store/store'
import { attempt, type Proposal } from '../attempt'
import type { Context, Operator } from '../context'
import { created } from '../created'
import { drawId } from '../draw'
import { held } from '../held'
import { imageNamed } from '../images/see'
import { checkKind } from '../providers/check-order'
import { providerNamed, providerOf } from '../providers/provider-named'
import type { ExportOrder, ExportView } from './operations'

interface Found {
  readonly image: ImageRecord
  readonly host: HostRecord
  readonly record: ImageExportRecord | undefined
}

/** Faults: 'not-found', 'unsupported', 'state', 'conflict', 'unavailable'. */
export const sendImage = (context: Context, operator: Operator, order: ExportOrder): Promise<ExportView> =>
  attempt(context, operator.actor, 'send-image', async (): Promise<Proposal<ExportView>> => {
    const found = await find(context, order)
    const { image, host, record } = found
    const isThere = providerOf(host).images[image.id] !== undefined
    if (isThere) return { value: viewOf(found), change: undefined }
    refuseKind(host)
    const file = fileToExport(image, host.wish.driver)
    if ('because' in file)
      throw fault('state', `${image.wish.ami} cannot be brought to ${host.wish.name}: ${file.because}`, {
        subject: { kind: 'image', id: image.id },
      })
    const holds = [held(image)]
    if (record === undefined) {
      const create = newExport(context, operator, found)
      const takes = [{ hash: 'names', field: nameOf(found), value: `imageexport:${create.ref.id}` }]
      const value = viewOf({ ...found, record: created('imageexport', create) })
      return { value, change: { holds, creates: [create], takes } }
    }
    if (record.wish.exists && !exportHasEnded(record)) return { value: viewOf(found), change: undefined }
    const { ami } = image.wish
    const wish = { ...record.wish, ami, exists: true, tries: record.wish.tries + 1 }
    const { value, update } = rewished(found, record, wish)
    return { value, change: { holds, updates: [update] } }
  })

/** Faults: 'not-found'. */
export async function imageAtProvider(context: Context, order: ExportOrder): Promise<ExportView> {
  return viewOf(await find(context, order))
}

/** Faults: 'not-found', 'state', 'conflict', 'unavailable'. */
export const cancelSending = (context: Context, operator: Operator, order: ExportOrder): Promise<ExportView> =>
  attempt(context, operator.actor, 'cancel-sending-image', async (): Promise<Proposal<ExportView>> => {
    const found = await find(context, order)
    const { image, host, record } = found
    const isThere = providerOf(host).images[image.id] !== undefined
    // What was completed, and is registered no more, lies there for nobody and costs.
    if (isThere || record === undefined)
      throw fault('state', `${image.wish.ami} is not on its way to ${host.wish.name}`, {
        subject: { kind: 'image', id: image.id },
      })
    if (!record.wish.exists) return { value: viewOf(found), change: undefined }
    const { value, update } = rewished(found, record, { ...record.wish, exists: false })
    // It may be registered just now: then it stays.
    return { value, change: { holds: [held(host)], updates: [update] } }
  })

async function find(context: Context, order: ExportOrder): Promise<Found> {
  await context.mirror.fresh()
  const host = providerNamed(context, order.provider)
  const image = await imageEverywhere(context, order.image)
  const record = context.mirror.named(nameOf({ image, host }))
  return { image, host, record: record?.kind === 'imageexport' ? record : undefined }
}

/** Of a project too: the operator's accounts take any image. */
async function imageEverywhere({ mirror }: Context, word: string): Promise<ImageRecord> {
  await mirror.fresh(...mirror.all('project').map(({ id }) => id))
  return imageNamed(mirror, word)
}

const nameOf = ({ image, host }: Pick<Found, 'image' | 'host'>): string =>
  imageExportName({ image: image.id, provider: host.id })

/** Faults: 'unsupported', with what to do instead. */
function refuseKind({ wish }: HostRecord): void {
  const because = NO_EXPORT[checkKind(wish.driver)]
  if (because === undefined) return
  throw fault(
    'unsupported',
    `${because}: bring the image to ${wish.name} by other means, then say so with \`occi-gateway provider image ${wish.name} IMAGE THEIRS\``,
    { field: 'provider' },
  )
}

function newExport({ clock }: Context, { actor }: Operator, { image, host }: Found): Create {
  const wish: ImageExportWish = {
    exists: true,
    image: image.id,
    ami: image.wish.ami,
    provider: host.id,
    tries: 1,
    createdAt: clock.now(),
    createdBy: actor.user,
  }
  const ref = { kind: 'imageexport', id: drawId<ImageExportId>() } as const
  return { ref, project: null, wish, seen: EXPORT_NEVER_SEEN, journal: null, place: null, wake: true }
}

function rewished(
  found: Found,
  record: ImageExportRecord,
  wish: ImageExportWish,
): { readonly value: ExportView; readonly update: Update } {
  const { id, project, generation } = record
  return {
    value: viewOf({ ...found, record: { ...record, wish, generation: generation + 1 } }),
    update: { ref: { kind: 'imageexport', id }, project, generation, wish, raisePhase: false, wake: true },
  }
}

const viewOf = ({ image, host, record }: Found): ExportView => ({
  ami: image.wish.ami,
  provider: host.wish.name,
  registered: providerOf(host).images[image.id] ?? null,
  record: record ?? null,
})

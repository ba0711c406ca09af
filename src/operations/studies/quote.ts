/** What machines would cost before they are ordered: checked here, and written for a worker to answer. */
import type { Size } from '../../model/machine'
import { hasDisk, type ImageRecord, imageSizeGiB, QUOTE, type StudyRecord, type TypeRecord } from '../../model/records'
import type { Context, Operator } from '../context'
import { imageNamed } from '../images/see'
import { projectNamed, typeNamed } from '../named'
import { asked, within } from './ask'
import type { QuoteStudy } from './operations'

export function studyQuote(context: Context, operator: Operator, ask: QuoteStudy): Promise<StudyRecord> {
  const { count, hours } = ask
  within('count', count, QUOTE.count)
  within('hours', hours, QUOTE.hours)
  return asked(context, operator, 'study-quote', () => {
    const type = typeNamed(context, ask.type)
    const image = imageNamed(context.mirror, ask.image)
    const project = ask.project === undefined ? null : projectNamed(context, ask.project).id
    const placement = type.wish.placement ?? null
    return {
      kind: 'quote',
      count,
      hours,
      project,
      image: image.id,
      size: sizeOf(type, image),
      zone: ask.zone ?? null,
      placement,
    }
  })
}

/** As an order that asks for no disk of its own has it. */
function sizeOf({ wish }: TypeRecord, image: ImageRecord): Size {
  const least = imageSizeGiB(image)
  return { ...wish.size, type: wish.name, diskGiB: hasDisk(image) ? Math.max(least, wish.size.diskGiB) : least }
}

/** What operators do about images at providers: part of `Operations`. */
import type { ImageExportRecord } from '../../model/records'
import type { Operator } from '../context'

/** By names: an image as `ami-…`, id or name, a provider by its name. */
export interface ExportOrder {
  readonly image: string
  readonly provider: string
}

/** What an operator is told. */
export interface ExportView {
  readonly ami: string
  readonly provider: string
  /** The provider's own id of it; null: it is not registered there. */
  readonly registered: string | null
  /** The last order; null: it was never sent from here, or that is a while ago. */
  readonly record: ImageExportRecord | null
}

export interface ImageExportOperations {
  /**
   * Has a worker bring the image's disk to the provider and register it there. There already, or on its way: nothing changes; what failed or
   * was cancelled goes on. Faults: 'not-found' (provider, image), 'unsupported' (provider of a kind that takes none), 'state' for an image that
   * cannot be sent.
   */
  sendImage(operator: Operator, order: ExportOrder): Promise<ExportView>
  /** Faults: 'not-found'. */
  imageAtProvider(operator: Operator, order: ExportOrder): Promise<ExportView>
  /** What came there is removed. Faults: 'not-found', 'state' where nothing is on its way. */
  cancelSending(operator: Operator, order: ExportOrder): Promise<ExportView>
}

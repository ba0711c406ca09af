import type { Context } from '../context'
import type { ImageExportOperations } from './operations'
import { cancelSending, imageAtProvider, sendImage } from './send'

export const openImageExports = (context: Context): ImageExportOperations => ({
  sendImage: (operator, order) => sendImage(context, operator, order),
  imageAtProvider: (_operator, order) => imageAtProvider(context, order),
  cancelSending: (operator, order) => cancelSending(context, operator, order),
})

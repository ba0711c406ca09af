/** Binds the operations on images to their context. */
import type { Context } from '../context'
import { addImage } from './add-image'
import { changeImage, checkImage, deregisterImage, removeImage } from './change-image'
import { cancelImport, importSnapshot, listImports } from './imports'
import type { ImageOperations } from './operations'
import { registeredBefore, registerImage } from './register-image'
import { appendUpload, uploadedBytes } from './uploads'
import { findImage, viewImage } from './view'

export const openImageOperations = (context: Context, reading: Context): ImageOperations => ({
  addImage: async (who, order) => addImage(context, who, order),
  findImage: (operator, word) => findImage(reading, operator, word),
  viewImage: (who, id) => viewImage(reading, who, id),
  uploadedBytes: (who, id) => uploadedBytes(context, who, id),
  appendUpload: (who, id, piece) => appendUpload(context, who, id, piece),
  removeImage: (operator, word, how) => removeImage(context, operator, word, how),
  checkImage: (operator, word) => checkImage(context, operator, word),
  registerImage: async (caller, order) => registerImage(context, caller, order),
  registeredBefore: (caller, token) => registeredBefore(context, caller, token),
  deregisterImage: (caller, id, how) => deregisterImage(context, caller, id, how),
  changeImage: async (caller, id, change) => changeImage(context, caller, id, change),
  importSnapshot: async (caller, order) => importSnapshot(context, caller, order),
  listImports: (caller) => listImports(reading, caller),
  cancelImport: (caller, task, how) => cancelImport(context, caller, task, how),
})

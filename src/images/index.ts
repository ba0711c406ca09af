/** Opens the image store that the configuration names. */
import { fault } from '../faults'
import { folderBlobs } from './folder'
import type { ImageStore } from './image-store'
import { bucketBlobs } from './s3'
import { storeOfBlobs } from './store-of-blobs'

export type { ImageStore, Stored, Upload } from './image-store'

export interface ImagePlace {
  /** A folder, or `s3://bucket/prefix`. */
  readonly images: string
  /** Of an S3-compatible store that is not Amazon's. */
  readonly imagesEndpoint?: string
}

/** Nothing is connected to before the first use. Faults: 'invalid' for a bucket without a name. */
export function openImageStore({ images, imagesEndpoint }: ImagePlace): ImageStore {
  if (!images.startsWith('s3://')) return storeOfBlobs(folderBlobs(images))
  const [, bucket, path = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(images) ?? []
  if (bucket === undefined) throw fault('invalid', 's3:// wants the name of a bucket', { field: 'images' })
  const prefix = path === '' || path.endsWith('/') ? path : `${path}/`
  return storeOfBlobs(
    bucketBlobs({ bucket, prefix, ...(imagesEndpoint === undefined ? {} : { endpoint: imagesEndpoint }) }),
  )
}

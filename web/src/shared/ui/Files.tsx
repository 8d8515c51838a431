// Choosing files: a drop zone with buttons behind it, for mouse and keyboard.
import { Button } from 'antd';
import { useRef, useState, type DragEvent, type ReactNode } from 'react';
import { t } from '@/i18n';

export type Picked = { path: string; file: File };

/** Files of a drop, folders opened, each with its path inside what was dropped. */
async function dropped(event: DragEvent): Promise<Picked[]> {
  const entries = [...event.dataTransfer.items].map((i) => i.webkitGetAsEntry()).filter((e) => e !== null);
  if (entries.length === 0) return [...event.dataTransfer.files].map((file) => ({ path: file.name, file }));
  const found: Picked[] = [];
  const read = async (entry: FileSystemEntry, base: string): Promise<void> => {
    const path = base + entry.name;
    if (entry.isFile) {
      const file = await new Promise<File>((ok, no) => (entry as FileSystemFileEntry).file(ok, no));
      found.push({ path, file });
      return;
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    // A reader hands out its entries in batches until it is empty.
    for (;;) {
      const batch = await new Promise<FileSystemEntry[]>((ok, no) => reader.readEntries(ok, no));
      if (batch.length === 0) break;
      for (const child of batch) await read(child, `${path}/`);
    }
  };
  for (const entry of entries) await read(entry, '');
  return found;
}

export function DropZone({ onFiles, accept, multiple, folder, title, hint, busy }: {
  onFiles: (files: Picked[]) => void;
  accept?: string;
  multiple?: boolean;
  folder?: boolean;
  title: string;
  hint?: ReactNode;
  busy?: boolean;
}) {
  const files = useRef<HTMLInputElement>(null);
  const folders = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);

  const take = (list: FileList | null) => {
    const picked = [...(list ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
    if (picked.length > 0) onFiles(picked);
  };

  return (
    <section
      className={over ? 'drop drop-over' : 'drop'}
      aria-label={title}
      onDragOver={(e) => {
        e.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(e) => {
        e.preventDefault();
        setOver(false);
        void dropped(e).then((picked) => picked.length > 0 && onFiles(picked));
      }}
    >
      <p className="drop-title">{title}</p>
      {hint && <div className="drop-hint">{hint}</div>}
      <div className="drop-buttons">
        {folder && (
          <Button type="primary" loading={busy} onClick={() => folders.current?.click()}>{t.common.chooseFolder}</Button>
        )}
        <Button type={folder ? 'default' : 'primary'} loading={busy && !folder} onClick={() => files.current?.click()}>
          {t.common.chooseFile}
        </Button>
      </div>
      <input
        ref={files} type="file" hidden accept={accept} multiple={multiple} aria-label={t.common.chooseFile}
        onChange={(e) => {
          take(e.target.files);
          e.target.value = '';
        }}
      />
      {folder && (
        <input
          ref={folders} type="file" hidden multiple aria-label={t.common.chooseFolder}
          {...{ webkitdirectory: '' }}
          onChange={(e) => {
            take(e.target.files);
            e.target.value = '';
          }}
        />
      )}
    </section>
  );
}

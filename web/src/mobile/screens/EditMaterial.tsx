// One row of the catalogue on the phone: its words, and pages from the camera or from files.
import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd-mobile';
import { useState, type FormEvent } from 'react';
import { api, ask, asProblem, upload } from '@/api/client';
import type { CatalogueOp, Material, Volume } from '@/api/types';
import { cellText, readCell } from '@/features/catalogue/rows';
import { t } from '@/i18n';
import { FileButton, Sending } from '../parts';
import { Sheet } from '../sheet';
import { ErrorBox } from '../ui';

const FIELDS = ['title', 'formed', 'remark'] as const;
type Field = (typeof FIELDS)[number];

export function EditMaterial({ volume, material, onDone, onClose }: {
  volume: Volume; material: Material; onDone: (said: string) => void; onClose: () => void;
}) {
  const client = useQueryClient();
  const [typed, setTyped] = useState<Record<Field, string>>({
    title: cellText(material, 'title'), formed: cellText(material, 'formed'), remark: cellText(material, 'remark'),
  });
  const [bad, setBad] = useState<Partial<Record<Field, string>>>({});
  const [busy, setBusy] = useState(false);
  const [part, setPart] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    const ops: CatalogueOp[] = [];
    const wrong: Partial<Record<Field, string>> = {};
    for (const field of FIELDS) {
      const read = readCell(field, typed[field]);
      if ('bad' in read) wrong[field] = read.bad;
      else if (typed[field] !== cellText(material, field)) ops.push({ op: 'edit', material: material.id, field, value: read.value });
    }
    setBad(wrong);
    if (Object.keys(wrong).length > 0) return;
    if (ops.length === 0) {
      onClose();
      return;
    }
    setBusy(true);
    setError(null);
    try {
      const now = await ask(api.POST('/api/v1/volumes/{volume}/catalogue', { params: { path: { volume: volume.id } }, body: { rev: volume.rev, ops } }));
      client.setQueryData(['volume', volume.id], now);
      onDone(t.catalogue.saved);
    } catch (e) {
      setError(e);
      setBusy(false);
      // Somebody else saved in between: theirs is fetched, what was typed here stays.
      if (asProblem(e).status === 409) void client.invalidateQueries({ queryKey: ['volume', volume.id], exact: true });
    }
  };

  const send = async (files: File[]) => {
    setError(null);
    setPart(0);
    const form = new FormData();
    for (const file of files.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))) form.append('files', file, file.name);
    try {
      const now = await upload<Material>(`/api/v1/materials/${material.id}/pages`, form, setPart);
      await client.invalidateQueries({ queryKey: ['volume', volume.id] });
      onDone(t.catalogue.pagesAdded(now.pages.length - material.pages.length));
    } catch (e) {
      setError(e);
      setPart(null);
    }
  };

  return (
    <Sheet title={`${material.class_code}-${material.seq} ${material.title}`} onClose={onClose}>
      {error !== null && <ErrorBox error={error} />}
      <form onSubmit={(e) => void save(e)}>
        {FIELDS.map((field) => (
          <label key={field} className="m-field">
            {t.catalogue.fields[field]}
            <input
              value={typed[field]} autoComplete="off" spellCheck={false} aria-invalid={bad[field] ? true : undefined}
              placeholder={field === 'formed' ? t.common.datePlaceholder : undefined}
              onChange={(e) => setTyped({ ...typed, [field]: e.target.value })}
            />
            {bad[field] && <span className="m-bad" role="alert">{bad[field]}</span>}
          </label>
        ))}
        <div className="m-buttons">
          <Button size="large" onClick={onClose}>{t.common.cancel}</Button>
          <Button size="large" color="primary" type="submit" loading={busy}>{t.common.save}</Button>
        </div>
      </form>
      <h3 className="m-sheet-part">{t.catalogue.addPages}</h3>
      <div className="m-buttons">
        <FileButton plain camera label={t.mobile.catalogue.camera} accept="image/jpeg,image/png" disabled={part !== null} onFiles={(f) => void send(f)} />
        <FileButton plain multiple label={t.mobile.catalogue.files} accept=".jpg,.jpeg,.png,.tif,.tiff,.pdf" disabled={part !== null} onFiles={(f) => void send(f)} />
      </div>
      <Sending part={part} />
      <p className="dim m-small">{t.catalogue.addPagesHint}</p>
    </Sheet>
  );
}

import { useQueryClient } from '@tanstack/react-query';
import { App, Modal, Progress } from 'antd';
import { useState } from 'react';
import { upload } from '@/api/client';
import type { Material } from '@/api/types';
import { t } from '@/i18n';
import { DropZone, type Picked } from '@/shared/ui/Files';
import { ErrorBox } from '@/shared/ui/States';

export function AddPagesDialog({ volume, material, onClose }: { volume: string; material: Pick<Material, 'id' | 'title' | 'pages'>; onClose: () => void }) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const [part, setPart] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);

  const send = async (picked: Picked[]) => {
    setError(null);
    setPart(0);
    const form = new FormData();
    // Numbered scans come in the order of their names.
    for (const { file } of picked.sort((a, b) => a.path.localeCompare(b.path, undefined, { numeric: true }))) form.append('files', file, file.name);
    try {
      const now = await upload<Material>(`/api/v1/materials/${material.id}/pages`, form, setPart);
      await client.invalidateQueries({ queryKey: ['volume', volume] });
      void message.success(t.catalogue.pagesAdded(now.pages.length - material.pages.length));
      onClose();
    } catch (e) {
      setError(e);
      setPart(null);
    }
  };

  return (
    <Modal open title={t.catalogue.addPagesTitle(material.title)} footer={null} onCancel={onClose}>
      {error !== null && <div className="gap-below"><ErrorBox error={error} /></div>}
      <DropZone
        multiple accept=".jpg,.jpeg,.png,.tif,.tiff,.pdf" title={t.catalogue.addPagesDrop} hint={t.catalogue.addPagesHint}
        busy={part !== null} onFiles={(p) => void send(p)}
      />
      {part !== null && <Progress percent={Math.round(part * 100)} aria-label={t.volumeImport.sending} />}
    </Modal>
  );
}

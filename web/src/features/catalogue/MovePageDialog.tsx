import { Form, InputNumber, Modal, Select } from 'antd';
import type { Volume } from '@/api/types';
import { t } from '@/i18n';
import { findMaterial } from './ops';
import { classNumber } from './rows';

/** Moves a page to another material without a mouse. */
export function MovePageDialog({ volume, from, onMove, onClose }: {
  volume: Volume; from: string; onMove: (material: string, at: number) => void; onClose: () => void;
}) {
  const [form] = Form.useForm<{ material: string; at: number }>();
  const to = Form.useWatch('material', form) as string | undefined;
  const length = (id: string | undefined) => (id ? (findMaterial(volume.classes, id)?.pages.length ?? 0) : 0);
  return (
    <Modal open title={t.catalogue.movePage} okText={t.catalogue.movePage} cancelText={t.common.cancel} onOk={() => form.submit()} onCancel={onClose}>
      <Form
        form={form} layout="vertical" initialValues={{ material: from, at: 1 }}
        onValuesChange={(changed: { material?: string }) => changed.material && form.setFieldValue('at', length(changed.material) + 1)}
        onFinish={({ material, at }) => {
          onMove(material, at);
          onClose();
        }}
      >
        <Form.Item name="material" label={t.catalogue.movePageTo} rules={[{ required: true }]}>
          <Select
            showSearch={{ optionFilterProp: 'label' }} autoFocus
            options={volume.classes.filter((c) => c.materials.length > 0).map((c) => ({
              label: `${classNumber(c.code)} ${c.label}`,
              options: c.materials.map((m) => ({ value: m.id, label: `${c.code}-${m.seq} ${m.title}` })),
            }))}
          />
        </Form.Item>
        <Form.Item name="at" label={t.catalogue.movePageAt} rules={[{ required: true }]}>
          <InputNumber min={1} max={length(to) + 1} precision={0} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

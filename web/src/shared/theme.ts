// Colours and sizes for antd. Every text colour here has at least 4.5:1 on its ground.
import { theme, type ThemeConfig } from 'antd';

export const FONT =
  'system-ui, "PingFang SC", "HarmonyOS Sans SC", "MiSans", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

const token = {
  colorPrimary: '#9b1b1e',
  colorLink: '#1a5fb4',
  colorLinkHover: '#12467f',
  colorLinkActive: '#12467f',
  colorInfo: '#1a5fb4',
  colorSuccess: '#1f7a3d',
  colorWarning: '#8f5600',
  colorError: '#b3261e',
  colorTextPlaceholder: '#6b6b6b',
  colorTextDescription: '#595959',
  colorTextSecondary: '#555555',
  colorTextTertiary: '#5f5f5f',
  colorTextQuaternary: '#6b6b6b',
  borderRadius: 4,
  fontFamily: FONT,
  // The compact algorithm takes the next smaller size, 14.
  fontSize: 16,
} as const;

export const light: ThemeConfig = {
  algorithm: theme.compactAlgorithm,
  token: {
    ...token,
    colorSuccessBg: '#e9f5ec', colorSuccessBorder: '#b9dfc4',
    colorWarningBg: '#fef5e3', colorWarningBorder: '#f0d7a6',
    colorErrorBg: '#fdeeed', colorErrorBorder: '#f3c3bf',
    colorInfoBg: '#edf3fc', colorInfoBorder: '#bcd3f2',
  },
  components: {
    // A target is at least 24 pixels high.
    Button: { controlHeightSM: 24 },
    Segmented: { trackBg: '#e6e1de', itemSelectedColor: '#8c1517', itemColor: '#3d3937', itemHoverColor: '#1f1f1f' },
    Menu: { itemSelectedBg: '#fbeceb', itemSelectedColor: '#8c1517', itemHeight: 36 },
    Tree: { nodeSelectedBg: '#fbeceb', nodeHoverBg: '#f4f4f4', titleHeight: 28 },
    Tabs: { itemSelectedColor: '#8c1517' },
    Steps: { colorTextDescription: '#595959' },
  },
};

/** The viewer only: a grey surround judges scans better than white. */
export const dark: ThemeConfig = {
  algorithm: [theme.darkAlgorithm, theme.compactAlgorithm],
  token: {
    ...token,
    colorPrimary: '#c9302c',
    colorLink: '#8ab8f0',
    colorLinkHover: '#b5d2f7',
    colorLinkActive: '#b5d2f7',
    colorInfo: '#8ab8f0',
    colorSuccess: '#7fce98',
    colorWarning: '#e6b35c',
    colorError: '#ff9087',
    colorBgBase: '#262626',
    colorSuccessBg: '#1f3527', colorSuccessBorder: '#3c6b4b',
    colorWarningBg: '#3a2f1a', colorWarningBorder: '#7a6230',
    colorErrorBg: '#40221f', colorErrorBorder: '#8a4640',
    colorInfoBg: '#1d2c40', colorInfoBorder: '#3f6291',
    colorTextPlaceholder: '#a8a8a8',
    colorTextDescription: '#bdbdbd',
    colorTextSecondary: '#c9c9c9',
    colorTextTertiary: '#bdbdbd',
    colorTextQuaternary: '#a8a8a8',
  },
  components: { Tabs: { itemSelectedColor: '#ffc2bd', itemHoverColor: '#ffffff', inkBarColor: '#ffc2bd' } },
};

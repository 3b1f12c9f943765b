import script from 'report-assets:script';
import style from 'report-assets:style';

/** The report page that the webview sources are built into; the bundler puts it here as text. */
export const reportScript: string = script;
export const reportStyle: string = style;

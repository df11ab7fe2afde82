//! The schools' own term marks, from a workbook.

use axum::http::StatusCode;
use axum::response::Response;
use kernel::{Action, CampaignId};
use monitoring::{MarksFile, MonitoringError};

use super::refused;
use crate::blocks::{Block, Button, Field, FieldKind, Form, Notice, Tone};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::form::Upload;
use crate::page::Page;
use crate::pages::campaigns::address;

/// The form with the campaign and the sheet that were chosen.
async fn page(ctx: &PageCtx, [campaign, sheet]: [&str; 2]) -> Result<Page, PageError> {
    let database = ctx.authorise_somewhere(Action::ImportResults)?;
    let campaigns = delivery::campaigns(database, &ctx.actor).await?;
    let choices =
        campaigns.iter().map(|campaign| (campaign.id.to_string(), ctx.l(&campaign.name).to_owned())).collect();
    let fields = vec![
        Field::new("campaign", ctx.t("import-campaign"), FieldKind::Select(choices)).value(campaign),
        Field::new("file", ctx.t("import-marks-file"), FieldKind::File(".xlsx,.xls,.ods,.csv"))
            .hint(ctx.t("import-marks-hint")),
        Field::new("sheet", ctx.t("import-sheet"), FieldKind::Line("text"))
            .hint(ctx.t("import-sheet-hint"))
            .value(sheet)
            .optional(),
    ];
    Ok(Page::new(ctx.t("import-marks")).below(ctx.t("nav-import"), "/assess/import").with(Block::Form(Form::new(
        ctx,
        "/assess/import/marks",
        fields,
        ctx.t("import-submit"),
    ))))
}

/// `GET /assess/import/marks`
///
/// # Errors
/// [`PageError::Denied`].
pub async fn show(ctx: PageCtx) -> Result<Response, PageError> {
    page(&ctx, [""; 2]).await?.show(&ctx)
}

/// `POST /assess/import/marks`: everything or nothing.
///
/// # Errors
/// [`PageError::Denied`]; a file that cannot be taken is a message on the page.
pub async fn submit(upload: Upload) -> Result<Response, PageError> {
    let ctx = &upload.ctx;
    let database = ctx.authorise_somewhere(Action::ImportResults)?;
    let campaign: CampaignId = upload.field("campaign").parse().map_err(|_error| PageError::NotFound)?;
    let typed = ["campaign", "sheet"].map(|field| upload.field(field).trim());
    let Some((name, content)) = upload.file("file") else {
        let mut page = page(ctx, typed).await?;
        page.blocks.insert(0, Block::Notice(Notice::new(Tone::Bad, ctx.t("import-incomplete"))));
        return page.show_with_status(ctx, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let sheet = Some(typed[1].to_owned()).filter(|sheet| !sheet.is_empty());
    let file = MarksFile { bytes: content.to_vec(), name: name.to_owned(), sheet, school: None };
    match monitoring::import_marks(database, &ctx.actor, ctx.now, campaign, &file).await {
        Ok(preview) => {
            let (marks, pupils) = (preview.marks.len() as i64, preview.pupils as i64);
            let text = ctx.t_with("import-marks-done", &[("marks", marks.into()), ("pupils", pupils.into())]);
            Page::new(ctx.t("import-done"))
                .below(ctx.t("nav-import"), "/assess/import")
                .action(Button::link(ctx.t("import-results"), address(campaign, "/results")).main())
                .with(Block::Notice(Notice::new(Tone::Good, text)))
                .show(ctx)
        }
        Err(MonitoringError::NoCampaign(_)) => Err(PageError::NotFound),
        Err(error) => {
            let mut page = page(ctx, typed).await?;
            page.blocks.splice(0..0, refused(ctx, error)?);
            page.show_with_status(ctx, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

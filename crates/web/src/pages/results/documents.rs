//! All documents of a campaign: made in the background, taken a school at a time.

use std::io::{Cursor, Write};
use std::path::Path as FilePath;

use axum::extract::Path;
use axum::response::Response;
use kernel::{Action, Place, SchoolId};
use monitoring::CampaignReports;
use serde::Deserialize;
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use super::find;
use crate::context::PageCtx;
use crate::error::PageError;
use crate::export;
use crate::form::Post;
use crate::page::redirect;

/// Nothing is filled in.
#[derive(Debug, Deserialize)]
pub struct Nothing {}

/// `POST /assess/campaigns/{campaign}/results/documents`: puts the work into the job table and shows how far it is.
///
/// # Errors
/// [`PageError::NotFound`], [`PageError::Denied`].
pub async fn ask(Path(id): Path<String>, post: Post<Nothing>) -> Result<Response, PageError> {
    let ctx = post.ctx;
    let (database, campaign) = find(&ctx, &id).await?;
    let payload = CampaignReports { campaign: campaign.id, language: ctx.language };
    monitoring::request_reports(database, &ctx.actor, ctx.now, payload).await?;
    Ok(redirect(&ctx, "/network/jobs", "results-documents-asked"))
}

/// Address of a school's documents.
pub fn address(campaign: &delivery::model::Campaign, school: SchoolId) -> String {
    format!("{}/schools/{school}/documents.zip", super::address(campaign))
}

/// Whether a school's documents are ready for somebody who may take them.
///
/// # Errors
/// What the database says.
pub async fn ready(ctx: &PageCtx, campaign: &delivery::model::Campaign, school: SchoolId) -> Result<bool, PageError> {
    let place = Place { school: Some(school), ..Place::default() };
    if !access::can(&ctx.actor, Action::SeeResults, &place) {
        return Ok(false);
    }
    let folder = monitoring::school_documents(ctx.signed_in()?, &ctx.actor, campaign.id, school).await?;
    Ok(folder.is_some())
}

/// `GET …/schools/{school}/documents.zip`: every report of the school's pupils and classes and its own. That they were
/// taken stands in the audit log.
///
/// # Errors
/// [`PageError::NotFound`] before they are made, [`PageError::Denied`].
pub async fn school(ctx: PageCtx, Path((id, school)): Path<(String, i64)>) -> Result<Response, PageError> {
    let (database, campaign) = find(&ctx, &id).await?;
    let school = SchoolId(school);
    let folder = monitoring::school_documents(database, &ctx.actor, campaign.id, school).await?;
    let folder = folder.ok_or(PageError::NotFound)?;
    let internal = |error: &dyn std::fmt::Display| PageError::Internal(error.to_string());
    let packed = tokio::task::spawn_blocking(move || pack(&folder)).await.map_err(|error| internal(&error))?;
    let packed = packed.map_err(|error| internal(&error))?;
    let write = database.write(&ctx.by(), "take documents").await?;
    let detail = serde_json::json!({ "campaign": campaign.id.to_string(), "bytes": packed.len() });
    write.record("org_unit", school.0, Some(school), detail);
    write.commit().await?;
    let tree = roster::org_tree(database).await?;
    let name = tree.school(school).map_or("", |unit| ctx.l(&unit.name)).to_owned();
    Ok(export::file(packed, "application/zip", &format!("{name}.zip")))
}

/// A folder with everything below it. The documents are compressed already.
fn pack(folder: &FilePath) -> std::io::Result<Vec<u8>> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut folders = vec![(folder.to_owned(), String::new())];
    while let Some((folder, below)) = folders.pop() {
        let mut entries = std::fs::read_dir(&folder)?.collect::<Result<Vec<_>, _>>()?;
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            let name = format!("{below}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                folders.push((entry.path(), format!("{name}/")));
            } else if entry.path().extension().is_none_or(|ending| ending != "part") {
                archive.start_file(name, options)?;
                archive.write_all(&std::fs::read(entry.path())?)?;
            }
        }
    }
    Ok(archive.finish()?.into_inner())
}

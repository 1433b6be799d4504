/**
 * SQL that says whether this role may create an extension: as a superuser; on a managed service as a member of its administrator
 * role; or where the extension is trusted, which pgvector is not by itself, with CREATE on the database.
 * @param trusted SQL of a boolean, or of NULL where the server does not have the extension
 */
export function mayCreateExtension(trusted: string): string {
  return `(EXISTS (
    SELECT FROM pg_catalog.pg_roles
     WHERE rolname = current_user AND rolsuper
        OR rolname IN ('rds_superuser', 'cloudsqlsuperuser', 'azure_pg_admin', 'neon_superuser')
           AND pg_has_role(current_user, oid, 'MEMBER')
  ) OR coalesce(${trusted}, false) AND has_database_privilege(current_database(), 'CREATE'))`
}

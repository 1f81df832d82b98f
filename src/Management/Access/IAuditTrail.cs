using Microsoft.AspNetCore.Http;

namespace AkkaScale.Management.Access;

/// <summary>
/// Keeps each changing call: before it is carried out, so that none is without an entry, and what became of it before it is answered, so
/// that whoever has the answer finds it there.
/// </summary>
internal interface IAuditTrail
{
    /// <returns>To be called once, with what became of the call.</returns>
    /// <exception cref="AuditUnavailableException">There may be no entry: the call must not be carried out.</exception>
    Task<FinishAudit> BeginAsync(HttpContext context, AccessVerdict verdict);

    /// <summary>Kept if it can be, and if there were not too many lately; the call is denied in any case.</summary>
    Task DenyAsync(HttpContext context, AccessVerdict verdict, AccessRefusal refusal);
}

/// <summary>Completes an entry. One that cannot be completed stays as one whose outcome is unknown; the call has been carried out all the same.</summary>
internal delegate Task FinishAudit(AuditNote note, int status);

using System.Text.Json.Serialization;

namespace AkkaScale.Pbm.Management;

/// <param name="Next">The number to go on before; null: there are no more.</param>
public sealed record AuditLog(IReadOnlyList<AuditEntry> Entries, long? Next);

/// <param name="Who">Name of the token, or anonymous.</param>
/// <param name="By">Who it is said to be from.</param>
/// <param name="Status">Null: nobody wrote down how it ended.</param>
/// <param name="Outcome">`allowed`, `denied`, `failed` or `unknown`.</param>
public sealed record AuditEntry(
    long Nr, string At, string Node, string Who, string By, string Role, string Remote, string Method, string Path, string Action, string Target, string Why,
    int? Status, string Outcome);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(AuditLog))]
internal sealed partial class AuditJson : JsonSerializerContext;

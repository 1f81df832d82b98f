namespace AkkaScale.Management.Access;

/// <summary>Who asks, and whether it may.</summary>
/// <param name="Who">Name of the token, or <see cref="AccessPolicy.Anonymous"/>.</param>
/// <param name="Refusal">Null: let in.</param>
internal sealed record AccessVerdict(string Who, AccessRole Role, AccessRefusal? Refusal);

/// <param name="Status">401 or 403.</param>
internal sealed record AccessRefusal(int Status, string Code, string Title, string Detail);

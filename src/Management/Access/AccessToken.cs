using System.Collections.Immutable;

namespace AkkaScale.Management.Access;

/// <summary>A token that is accepted, known by its hash alone.</summary>
/// <param name="Sha256">32 bytes.</param>
internal sealed record AccessToken(string Name, AccessRole Role, ImmutableArray<byte> Sha256);

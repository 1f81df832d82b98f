using System.Security.Cryptography;
using System.Text;

namespace AkkaScale.Management.Access;

/// <summary>
/// All tokens that are accepted. Tokens are made by chance with 256 bits, so that one SHA-256 keeps them: a slow hash, as for passwords, would only let
/// anybody who knocks use up the processor.
/// </summary>
internal sealed class AccessTokens(IReadOnlyList<AccessToken> tokens)
{
    private const int LongestToken = 512;

    internal delegate bool HashComparison(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right);

    public int Count => tokens.Count;

    /// <summary>Null: none of that text.</summary>
    public AccessToken? Find(string presented)
    {
        if (presented.Length is 0 or > LongestToken)
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented), hash);
        return Find(hash, CryptographicOperations.FixedTimeEquals);
    }

    /// <summary>Compares with every token, also when one has been found: the time says neither whether nor which.</summary>
    internal AccessToken? Find(ReadOnlySpan<byte> hash, HashComparison areEqual)
    {
        AccessToken? found = null;
        foreach (var token in tokens)
        {
            found = areEqual(hash, token.Sha256.AsSpan()) ? token : found;
        }

        return found;
    }
}

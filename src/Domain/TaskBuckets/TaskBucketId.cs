using System.Text;

namespace AkkaScale.Domain.TaskBuckets;

/// <summary>
/// Where the membership of a task in a project is kept: one of sixteen buckets of the project, so that nothing holds a whole project's tasks and they
/// are spread over nodes. A bucket's id is its number in two hexadecimal digits, "~", and the project's id.
/// </summary>
/// <remarks>The number of a task is stored with every project: neither the hash nor the count can change without moving tasks.</remarks>
public static class TaskBucketId
{
    public const int Buckets = 16;

    private const int PrefixLength = 3;
    private const uint OffsetBasis = 2_166_136_261;
    private const uint Prime = 16_777_619;

    public static string Of(string project, string task) => Make(BucketOf(task), project);

    /// <summary>In order of number.</summary>
    public static IEnumerable<string> AllOf(string project) => Enumerable.Range(0, Buckets).Select(bucket => Make(bucket, project));

    /// <param name="id">Made by <see cref="Of"/>.</param>
    public static string ProjectOf(string id) => id[PrefixLength..];

    /// <summary>FNV-1a, 32 bits, over the id in UTF-8, folded to four bits; not the shard's hash, else a shard's tasks would share a bucket.</summary>
    public static int BucketOf(string task)
    {
        var hash = OffsetBasis;
        foreach (var octet in Encoding.UTF8.GetBytes(task))
        {
            hash = unchecked((hash ^ octet) * Prime);
        }

        hash ^= hash >> 16;
        hash ^= hash >> 8;
        hash ^= hash >> 4;
        return (int)(hash % Buckets);
    }

    private static string Make(int bucket, string project) => $"{bucket:x2}~{project}";
}

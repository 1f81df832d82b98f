using Xunit;

namespace AkkaScale.Tests.Unit.Pbm;

/// <summary>A test that needs the real trace; skipped with a word where the file is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TraceDataFactAttribute : FactAttribute
{
    public TraceDataFactAttribute()
    {
        if (TraceDataFile.Path is null)
        {
            Skip = "needs shared/data/activity.jsonl.gz in a folder above the repository";
        }
    }
}

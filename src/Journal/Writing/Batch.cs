namespace AkkaScale.Journal.Writing;

/// <summary>The requests that one statement writes, and the slices that they fall into.</summary>
internal sealed class Batch
{
    private readonly int[] _sliceOf;

    public Batch(WriteRequest[] requests)
    {
        Requests = requests;
        _sliceOf = new int[requests.Length];
        var numbers = new Dictionary<Slice, int>();
        var slices = new List<Slice>();
        for (var i = 0; i < requests.Length; i++)
        {
            if (!numbers.TryGetValue(requests[i].Slice, out var number))
            {
                number = slices.Count;
                numbers.Add(requests[i].Slice, number);
                slices.Add(requests[i].Slice);
            }

            _sliceOf[i] = number;
            Rows += requests[i].Rows.Length;
        }

        Slices = slices;
    }

    /// <summary>In order of acceptance.</summary>
    public WriteRequest[] Requests { get; }

    public IReadOnlyList<Slice> Slices { get; }

    public int Rows { get; }

    /// <summary>The place of the request's slice in <see cref="Slices"/>.</summary>
    public int SliceOf(int request) => _sliceOf[request];
}

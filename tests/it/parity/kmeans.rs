//! (kmeans)
